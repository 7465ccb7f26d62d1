using System.Buffers;

namespace Bowline.Nats;

/// <summary>Where a payload is serialized before its size can be written; one per thread, reused.</summary>
internal sealed class ScratchWriter : IBufferWriter<byte>
{
    /// <summary>A larger one is not kept for the life of the thread.</summary>
    private const int KeepAtMost = 256 * 1024;

    [ThreadStatic]
    private static ScratchWriter? _threadPayload;

    [ThreadStatic]
    private static ScratchWriter? _threadHeaders;

    private byte[] _bytes = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public static ScratchWriter ForPayload() => (_threadPayload ??= new()).Cleared();

    public static ScratchWriter ForHeaders() => (_threadHeaders ??= new()).Cleared();

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsSpan(_length);
    }

    private void Ensure(int sizeHint)
    {
        var needed = _length + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }
    }

    private ScratchWriter Cleared()
    {
        _length = 0;
        if (_bytes.Length > KeepAtMost)
        {
            _bytes = new byte[1024];
        }

        return this;
    }
}
