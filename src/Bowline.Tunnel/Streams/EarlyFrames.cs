using System.Buffers;

namespace Bowline.Tunnel;

/// <summary>Copies of frames that came early while a stream moves, until the frames before them have come over the old connection. Not safe for concurrent use.</summary>
internal sealed class EarlyFrames
{
    /// <summary>A window bounds the bytes that are held during a move, but not tiny frames: so many is far more than a move leaves under way.</summary>
    private const int MaxFrames = 4096;

    /// <summary>Heads, trailers and empty frames are outside the window; a stream has a few of them in its whole life.</summary>
    private const int MaxBlocks = 8;

    private readonly Dictionary<uint, (byte[] Array, int Length)> _frames = [];
    private int _blocks;

    public bool Contains(uint seq) => _frames.ContainsKey(seq);

    /// <summary>Keeps a copy; false when there are too many.</summary>
    public bool TryAdd(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var isBlock = IsBlock(header, payload.Length);
        if (_frames.Count >= MaxFrames || (isBlock && _blocks >= MaxBlocks))
        {
            return false;
        }

        var copy = ArrayPool<byte>.Shared.Rent(FrameHeader.Size + payload.Length);
        header.Write(copy);
        payload.CopyTo(copy.AsSpan(FrameHeader.Size));
        _frames.Add(header.Seq, (copy, FrameHeader.Size + payload.Length));
        _blocks += isBlock ? 1 : 0;
        return true;
    }

    /// <summary>Takes the frame with this number out; <see cref="Return"/> it when its payload is no longer needed.</summary>
    public bool TryTake(uint seq, out byte[] array, out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        if (!_frames.Remove(seq, out var held))
        {
            array = [];
            header = default;
            payload = default;
            return false;
        }

        array = held.Array;
        _ = FrameHeader.TryRead(array, out header);
        payload = array.AsSpan(FrameHeader.Size, held.Length - FrameHeader.Size);
        _blocks -= IsBlock(header, payload.Length) ? 1 : 0;
        return true;
    }

    public static void Return(byte[] array) => ArrayPool<byte>.Shared.Return(array);

    /// <summary>They are not wanted any more.</summary>
    public void Clear()
    {
        foreach (var (array, _) in _frames.Values)
        {
            Return(array);
        }

        _frames.Clear();
        _blocks = 0;
    }

    private static bool IsBlock(in FrameHeader header, int length) => header.Type != FrameType.Data || length == 0;
}
