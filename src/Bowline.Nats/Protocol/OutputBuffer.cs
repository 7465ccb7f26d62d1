using System.Buffers.Text;
using System.Text;

namespace Bowline.Nats;

internal enum AppendResult
{
    Done,

    /// <summary>Above the high-water mark: wait and try again.</summary>
    Full,

    /// <summary>The connection behind the buffer has ended.</summary>
    Closed,
}

/// <summary>
/// The bytes on their way to the server: a buffer that is filled while its twin is being sent. Everything gathered
/// meanwhile goes out in one write. There is one writer at a time; it runs on the publishing thread when the
/// connection was quiet (no thread hop for a lone request), and on the pool when publishing is dense (coalescing).
/// </summary>
internal sealed partial class OutputBuffer : IThreadPoolWorkItem
{
    /// <summary>Publishing waits above this many buffered bytes.</summary>
    public const int HighWaterMark = 1024 * 1024;

    /// <summary>First size of each of the two buffers.</summary>
    private const int InitialCapacity = 64 * 1024;

    /// <summary>Within a read batch, answers are gathered up to this size before they are written.</summary>
    private const int DeferLimit = 64 * 1024;

    /// <summary>Length of the verb before a subject.</summary>
    private const int PutVerb = 4;

    /// <summary>Digits of a number, space, line ends.</summary>
    private const int LineSlack = 48;

    [ThreadStatic]
    private static OutputBuffer? _dispatching;

    private readonly Lock _gate = new();
    private readonly INatsTransport _transport;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _failed;
    private readonly Action _sent;
    private readonly long _quietTicks;
    private byte[] _active = new byte[InitialCapacity];
    private byte[] _spare = new byte[InitialCapacity];
    private int _length;
    private bool _writing;
    private bool _deferred;
    private bool _closed;
    private long _lastWrite;
    private string? _subject;
    private byte[] _prefix = [.. "PUB "u8, .. new byte[256]];
    private int _prefixLength;
    private System.Runtime.CompilerServices.ValueTaskAwaiter _awaiter;

    public OutputBuffer(INatsTransport transport, TimeProvider time, Action<Exception> failed)
    {
        _transport = transport;
        _time = time;
        _failed = failed;
        _sent = Sent;

        // Two publishes closer than this are a burst, which is worth a thread hop to be sent together.
        _quietTicks = time.TimestampFrequency * 20 / 1_000_000;
    }

    /// <summary>Messages appended so far.</summary>
    public long Messages { get; private set; }

    /// <summary>Bytes of headers and payload appended so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Until <see cref="EndBatch"/>, what this thread appends is written at the end of the batch.</summary>
    public void BeginBatch() => _dispatching = this;

    public void EndBatch()
    {
        _dispatching = null;
        if (_deferred)
        {
            _deferred = false;
            RunWriter(inline: true);
        }
    }

    public AppendResult TryPublish(string subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        bool kick;
        lock (_gate)
        {
            if (_closed || _length >= HighWaterMark)
            {
                return _closed ? AppendResult.Closed : AppendResult.Full;
            }

            // A publisher mostly repeats the same string object, so its encoding is kept.
            if (!ReferenceEquals(subject, _subject))
            {
                Remember(subject);
            }

            if (replyTo.IsEmpty && headers.IsEmpty)
            {
                AppendPlain(_prefix.AsSpan(0, _prefixLength), payload);
            }
            else
            {
                AppendPublish(_prefix.AsSpan(PutVerb, _prefixLength - PutVerb - 1), replyTo, headers, payload, default);
            }

            kick = TakeWriter();
        }

        Kick(kick);
        return AppendResult.Done;
    }

    public AppendResult TryPublish(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        bool kick;
        lock (_gate)
        {
            if (_closed || _length >= HighWaterMark)
            {
                return _closed ? AppendResult.Closed : AppendResult.Full;
            }

            AppendPublish(subject, replyTo, headers, first, second);
            kick = TakeWriter();
        }

        Kick(kick);
        return AppendResult.Done;
    }

    /// <summary>
    /// Appends control lines, which are never refused for fullness. <paramref name="appended"/> runs under the same
    /// lock, so that what it records (a PING awaiting its PONG) has the order of the bytes.
    /// </summary>
    public bool TryControl<TState>(ReadOnlySpan<byte> bytes, TState state, Action<TState>? appended)
    {
        bool kick;
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            Append(bytes);
            appended?.Invoke(state);
            kick = TakeWriter();
        }

        Kick(kick);
        return true;
    }

    public bool TryControl(ReadOnlySpan<byte> bytes) => TryControl<object?>(bytes, null, null);

    /// <summary>Keeps <c>PUB subject </c> for the next message on the same subject.</summary>
    private void Remember(string subject)
    {
        if (_prefix.Length < PutVerb + (subject.Length * 3) + 1)
        {
            Array.Resize(ref _prefix, PutVerb + (subject.Length * 3) + 1);
        }

        var end = PutVerb + Encoding.UTF8.GetBytes(subject, _prefix.AsSpan(PutVerb));
        _prefix[end] = (byte)' ';
        _prefixLength = end + 1;
        _subject = subject;
    }

    /// <summary>The commonest message, without reply subject and headers.</summary>
    private void AppendPlain(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload)
    {
        var target = Reserve(prefix.Length + payload.Length + LineSlack);
        prefix.CopyTo(target);
        var position = prefix.Length;
        PutNumber(target, ref position, payload.Length);
        target[position++] = (byte)'\r';
        target[position++] = (byte)'\n';
        payload.CopyTo(target[position..]);
        position += payload.Length;
        target[position++] = (byte)'\r';
        target[position++] = (byte)'\n';
        _length += position;
        Messages++;
        Bytes += payload.Length;
    }

    private void AppendPublish(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var total = headers.Length + first.Length + second.Length;
        var target = Reserve(subject.Length + replyTo.Length + total + LineSlack);
        var position = 0;
        Put(target, ref position, headers.IsEmpty ? "PUB "u8 : "HPUB "u8);
        Put(target, ref position, subject);
        target[position++] = (byte)' ';
        if (!replyTo.IsEmpty)
        {
            Put(target, ref position, replyTo);
            target[position++] = (byte)' ';
        }

        if (!headers.IsEmpty)
        {
            PutNumber(target, ref position, headers.Length);
            target[position++] = (byte)' ';
        }

        PutNumber(target, ref position, total);
        Put(target, ref position, "\r\n"u8);
        Put(target, ref position, headers);
        Put(target, ref position, first);
        Put(target, ref position, second);
        Put(target, ref position, "\r\n"u8);
        _length += position;
        Messages++;
        Bytes += total;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Reserve(int count)
    {
        if (_active.Length - _length < count)
        {
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(_active.Length * 2, _length + count));
            _active.AsSpan(0, _length).CopyTo(larger);
            _active = larger;
        }

        return _active.AsSpan(_length);
    }

    private static void Put(Span<byte> target, ref int position, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target[position..]);
        position += bytes.Length;
    }

    private static void PutNumber(Span<byte> target, ref int position, int value)
    {
        Utf8Formatter.TryFormat(value, target[position..], out var written);
        position += written;
    }

    private bool TakeWriter()
    {
        var taken = !_writing;
        _writing = true;
        return taken;
    }
}
