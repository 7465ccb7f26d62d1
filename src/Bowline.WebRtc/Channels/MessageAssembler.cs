namespace Bowline.WebRtc;

/// <summary>Puts the parts of the messages of one stream together, up to a limit. Pure but for the pool of buffers.</summary>
internal sealed class MessageAssembler(int longest)
{
    private MessageBuffer? _buffer;
    private bool _isTooLong;
    private int _lastLength;

    /// <summary>Takes a part; gives the message when this was its last. One that is too long is told as soon as it is, and dropped as a whole.</summary>
    internal MessageAssembly Take(ReadOnlySpan<byte> part, bool isEnd, out MessageBuffer? message)
    {
        message = null;
        if (!_isTooLong && (_buffer?.Length ?? 0) + part.Length > longest)
        {
            Clear();
            _isTooLong = !isEnd;
            return MessageAssembly.TooLong;
        }

        if (_isTooLong)
        {
            _isTooLong = !isEnd; // What is left of it.
            return MessageAssembly.Incomplete;
        }

        _buffer ??= MessageBuffer.Rent(isEnd ? part.Length : Math.Max(part.Length, _lastLength)); // Messages of one channel tend to be of one size.
        _buffer.Append(part);
        if (!isEnd)
        {
            return MessageAssembly.Incomplete;
        }

        _lastLength = _buffer.Length;
        (message, _buffer) = (_buffer, null);
        return MessageAssembly.Complete;
    }

    private void Clear()
    {
        _buffer?.Return(_buffer.Version);
        _buffer = null;
    }
}
