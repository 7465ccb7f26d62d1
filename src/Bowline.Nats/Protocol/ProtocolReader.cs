using System.Diagnostics.CodeAnalysis;

namespace Bowline.Nats;

/// <summary>
/// Turns bytes from the server into operations. Does no I/O: the owner asks for memory, fills it, and reads operations
/// until there are none. One contiguous buffer; a message larger than it makes it grow once, to the declared size.
/// </summary>
internal sealed class ProtocolReader(int initialCapacity = ProtocolReader.DefaultCapacity)
{
    /// <summary>Room for one large TCP read.</summary>
    public const int DefaultCapacity = 64 * 1024;

    /// <summary>A busy connection's buffer grows to this, so that one read call takes more.</summary>
    public const int MaxReadAhead = 256 * 1024;

    /// <summary>Longest line: INFO of a large cluster, and MSG under the largest control line we configure (32 KiB).</summary>
    public const int MaxLine = 64 * 1024;

    /// <summary>The largest payload nats-server can be configured for.</summary>
    public const int MaxPayloadEver = 64 * 1024 * 1024;

    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(initialCapacity);
    private int _start;
    private int _end;
    private bool _filled;

    // The message whose line was read and whose body is not complete yet; offsets count from _start.
    private int _needed;
    private int _bodyOffset;
    private int _headerLength;
    private int _totalLength;
    private int _sid;
    private int _subjectOffset;
    private int _subjectLength;
    private int _replyOffset;
    private int _replyLength;

    /// <summary>The most a message may declare, from INFO; 1 MiB (the server's default) until INFO was read.</summary>
    public int MaxPayload { get; set; } = 1024 * 1024;

    /// <summary>Bytes the buffer holds now, for tests of the bound.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>Where the next read goes; never empty.</summary>
    public Memory<byte> GetMemory()
    {
        var available = _end - _start;
        if (available == 0)
        {
            _start = _end = 0;
        }

        var wanted = Math.Max(_needed - available, 1);
        var capacity = _filled && _buffer.Length < MaxReadAhead ? _buffer.Length * 2 : _buffer.Length;
        capacity = Math.Max(capacity, available + wanted);
        if (capacity > _buffer.Length)
        {
            var larger = GC.AllocateUninitializedArray<byte>(capacity);
            _buffer.AsSpan(_start, available).CopyTo(larger);
            _buffer = larger;
            _start = 0;
            _end = available;
        }
        else if (_buffer.Length - _end < Math.Max(wanted, Math.Min(_buffer.Length / 4, 16 * 1024)))
        {
            _buffer.AsSpan(_start, available).CopyTo(_buffer);
            _start = 0;
            _end = available;
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how much was read into the memory given out last.</summary>
    public void Advance(int count)
    {
        _filled = count == _buffer.Length - _end;
        _end += count;
    }

    /// <summary>The next complete operation, or false when more bytes are needed.</summary>
    /// <exception cref="NatsProtocolException">The bytes are not the protocol, or are over a limit.</exception>
    public bool TryRead(out ServerOp op)
    {
        if (_needed != 0)
        {
            return TryCompleteMessage(out op);
        }

        var span = _buffer.AsSpan(_start, _end - _start);
        var newline = span.IndexOf((byte)'\n');
        if (newline < 0 || newline > MaxLine)
        {
            if (span.Length > MaxLine)
            {
                Refuse("a line is too long");
            }

            op = default;
            return false;
        }

        if (newline == 0 || span[newline - 1] != '\r')
        {
            Refuse("a line does not end with CR LF");
        }

        var line = span[..(newline - 1)];
        var first = line.IsEmpty ? (byte)0 : line[0];
        if ((first == 'M' && line.StartsWith("MSG "u8)) || (first == 'H' && line.StartsWith("HMSG "u8)))
        {
            ParseMessageLine(line, first == 'H');
            _bodyOffset = newline + 1;
            _needed = _bodyOffset + _totalLength + 2;
            return TryCompleteMessage(out op);
        }

        _start += newline + 1;
        op = ParseControl(line);
        return true;
    }

    private static ServerOp ParseControl(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("PING"u8))
        {
            return new ServerOp(ServerOpKind.Ping, default);
        }

        if (line.SequenceEqual("PONG"u8))
        {
            return new ServerOp(ServerOpKind.Pong, default);
        }

        if (line.SequenceEqual("+OK"u8))
        {
            return new ServerOp(ServerOpKind.Ok, default);
        }

        if (line.StartsWith("-ERR "u8))
        {
            return new ServerOp(ServerOpKind.Err, line[5..].Trim((byte)' ').Trim((byte)'\''));
        }

        if (line.StartsWith("INFO "u8))
        {
            return new ServerOp(ServerOpKind.Info, line[5..]);
        }

        Refuse("unknown operation");
        return default;
    }

    private bool TryCompleteMessage(out ServerOp op)
    {
        if (_end - _start < _needed)
        {
            op = default;
            return false;
        }

        var body = _start + _bodyOffset;
        if (_buffer[body + _totalLength] != '\r' || _buffer[body + _totalLength + 1] != '\n')
        {
            Refuse("a payload does not end with CR LF");
        }

        var subject = _start + _subjectOffset;
        var reply = _start + _replyOffset;
        op = new ServerOp(
            _sid,
            new NatsRawMsg(_buffer, subject..(subject + _subjectLength), reply..(reply + _replyLength), body, _headerLength, _totalLength),
            _totalLength);
        _start += _needed;
        _needed = 0;
        return true;
    }

    /// <summary><c>MSG subject sid [reply] size</c> or <c>HMSG subject sid [reply] headers total</c>.</summary>
    private void ParseMessageLine(ReadOnlySpan<byte> line, bool withHeaders)
    {
        var position = SkipSpaces(line, withHeaders ? 5 : 4);
        _subjectOffset = position;
        _subjectLength = NextToken(line, ref position);
        var sid = position;
        _sid = ParseNumber(line.Slice(sid, NextToken(line, ref position)));

        Span<(int Offset, int Length)> rest = stackalloc (int, int)[3];
        var count = 0;
        while (position < line.Length)
        {
            // JetStream's confirmations leave an empty reply between two spaces: "MSG inbox 1  23".
            if (line[position] == ' ')
            {
                position++;
                continue;
            }

            if (count == rest.Length)
            {
                Refuse("too many arguments of a message");
            }

            var offset = position;
            rest[count++] = (offset, NextToken(line, ref position));
        }

        var numbers = withHeaders ? 2 : 1;
        if (count != numbers && count != numbers + 1)
        {
            Refuse("wrong number of arguments of a message");
        }

        (_replyOffset, _replyLength) = count > numbers ? rest[0] : (0, 0);
        _totalLength = ParseNumber(line.Slice(rest[count - 1].Offset, rest[count - 1].Length));
        _headerLength = withHeaders ? ParseNumber(line.Slice(rest[count - 2].Offset, rest[count - 2].Length)) : 0;
        if (_headerLength > _totalLength || _totalLength > Math.Min(MaxPayload, MaxPayloadEver))
        {
            Refuse("a message declares more than the limit");
        }
    }

    /// <summary>
    /// The token at <paramref name="position"/>, which is moved to the start of the next. Arguments may be separated by several spaces:
    /// nats-server itself leaves two where its system account answers without a reply subject.
    /// </summary>
    private static int NextToken(ReadOnlySpan<byte> line, ref int position)
    {
        var rest = position < line.Length ? line[position..] : default;
        var length = rest.IndexOf((byte)' ');
        if (length < 0)
        {
            length = rest.Length;
        }

        if (length == 0)
        {
            Refuse("an argument of a message is missing");
        }

        position = SkipSpaces(line, position + length);
        return length;
    }

    private static int SkipSpaces(ReadOnlySpan<byte> line, int position)
    {
        while (position < line.Length && line[position] == ' ')
        {
            position++;
        }

        return position;
    }

    private static int ParseNumber(ReadOnlySpan<byte> digits)
    {
        if (digits.Length > 9)
        {
            Refuse("a number is too long");
        }

        var value = 0;
        foreach (var digit in digits)
        {
            if ((uint)(digit - '0') > 9)
            {
                Refuse("a number is not decimal");
            }

            value = (value * 10) + (digit - '0');
        }

        return value;
    }

    [DoesNotReturn]
    private static void Refuse(string what) => throw new NatsProtocolException($"Protocol violation by the server: {what}.");
}
