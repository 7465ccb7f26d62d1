using System.Buffers;
using System.IO.Pipelines;

namespace Bowline.Tunnel;

/// <summary>
/// The response on its way out. The first flush of a short body is left to a work item: most handlers end right after it, and then head,
/// body and end are one frame. If the handler goes on instead, the work item sends what was flushed within microseconds.
/// </summary>
internal sealed class ResponseOutput(ServerExchange exchange, ServerStream stream, TunnelContext context) : PipeWriter, IThreadPoolWorkItem
{
    private const int None = 0;
    private const int Waiting = 1;
    private const int Taken = 2;

    private byte[] _buffer = [];
    private int _count;
    private byte[] _flushed = [];
    private int _flushedCount;
    private int _deferred;
    private TaskCompletionSource? _deferredDone;
    private bool _headSent;
    private bool _ended;
    private long _written;

    public bool HasStarted { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _count;

    private bool IsBodiless => exchange.Method == "HEAD" || exchange.StatusCode is 204 or 304;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 256));
        return _buffer.AsMemory(_count);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        Count(bytes);
        _count += bytes;
    }

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (!_ended)
        {
            await BeginAsync().ConfigureAwait(false);
            await PushAsync(cancellationToken).ConfigureAwait(false);
        }

        return new FlushResult(isCanceled: false, isCompleted: exchange.Aborted.IsCancellationRequested);
    }

    /// <summary>Writes and flushes; a large buffer goes to the carrier without a copy of ours.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await BeginAsync().ConfigureAwait(false);
        Count(bytes.Length);
        if (_count + bytes.Length <= context.Limits.MaxInlinedBody)
        {
            EnsureRoom(bytes.Length);
            bytes.Span.CopyTo(_buffer.AsSpan(_count));
            _count += bytes.Length;
            await PushAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await PushAsync(cancellationToken).ConfigureAwait(false);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        await DataAsync(bytes, AtLength, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        await BeginAsync().ConfigureAwait(false);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The handler ended: the rest, the trailers and the end of the stream.</summary>
    public async ValueTask EndAsync()
    {
        await BeginAsync().ConfigureAwait(false);
        if (exchange.ResponseLength >= 0 && _written != exchange.ResponseLength && !IsBodiless)
        {
            Release();
            throw new InvalidOperationException($"The response has {_written} bytes instead of {exchange.ResponseLength}.");
        }

        var trailers = exchange.ResponseTrailers;
        var end = trailers.Count == 0;
        if (!_headSent && Interlocked.CompareExchange(ref _deferred, Taken, Waiting) is Waiting or None && Join() is { } body)
        {
            await SendHeadAsync(body, end, CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            await SettleAsync(CancellationToken.None).ConfigureAwait(false);
            if (!_ended && (_count > 0 || end))
            {
                await DataAsync(_buffer.AsMemory(0, _count), end, CancellationToken.None).ConfigureAwait(false);
            }
        }

        if (!end && !_ended)
        {
            _ended = true;
            await stream.SendTrailersAsync(trailers, CancellationToken.None).ConfigureAwait(false);
        }

        _ended = true;
        Release();
    }

    /// <summary>Gives the buffers back; only when nothing is sent from them any more.</summary>
    public void Release()
    {
        if (Volatile.Read(ref _deferredDone) is { Task.IsCompleted: false } && Volatile.Read(ref _deferred) == Waiting)
        {
            // The work item finds that it is too late.
            _ = Interlocked.CompareExchange(ref _deferred, Taken, Waiting);
        }

        Return(ref _buffer);
        Return(ref _flushed);
        _count = _flushedCount = 0;
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (Interlocked.CompareExchange(ref _deferred, Taken, Waiting) == Waiting)
        {
            _ = SendFlushedAsync(_deferredDone!);
        }
    }

    /// <summary>The point of no return for status and headers.</summary>
    private async ValueTask BeginAsync()
    {
        if (HasStarted)
        {
            return;
        }

        await exchange.SettleInterimAsync().ConfigureAwait(false);
        HasStarted = true;
        if (!exchange.TryTakeResponse())
        {
            throw new TunnelException(TunnelError.DeadlineExceeded);
        }
    }

    private bool AtLength => exchange.ResponseLength >= 0 && _written == exchange.ResponseLength && exchange.ResponseTrailers.Count == 0;

    private async ValueTask PushAsync(CancellationToken cancellationToken)
    {
        if (!_headSent && Volatile.Read(ref _deferred) == None && _count <= context.Limits.MaxInlinedBody)
        {
            (_flushed, _buffer) = (_buffer, _flushed);
            (_flushedCount, _count) = (_count, 0);
            if (AtLength)
            {
                _deferred = Taken;
                await SendHeadAsync(_flushed.AsMemory(0, _flushedCount), end: true, cancellationToken).ConfigureAwait(false);
                return;
            }

            _deferredDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _deferred, Waiting);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        await SettleAsync(cancellationToken).ConfigureAwait(false);
        if (_count > 0)
        {
            var count = _count;
            _count = 0;
            await DataAsync(_buffer.AsMemory(0, count), AtLength, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The head has left, with whatever was flushed first.</summary>
    private async ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        if (_headSent)
        {
            return;
        }

        var state = Interlocked.CompareExchange(ref _deferred, Taken, Waiting);
        if (state == Taken)
        {
            await _deferredDone!.Task.ConfigureAwait(false);
        }
        else
        {
            _deferred = Taken;
            await SendHeadAsync(_flushed.AsMemory(0, _flushedCount), AtLength && _count == 0 && _flushedCount == _written, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendFlushedAsync(TaskCompletionSource done)
    {
        try
        {
            await SendHeadAsync(_flushed.AsMemory(0, _flushedCount), end: false, CancellationToken.None).ConfigureAwait(false);
            done.SetResult();
        }
        catch (Exception e)
        {
            // Seen by the handler at its next write or at its end.
            done.SetException(e);
            _ = done.Task.Exception;
        }
    }

    private async ValueTask SendHeadAsync(ReadOnlyMemory<byte> body, bool end, CancellationToken cancellationToken)
    {
        end = (end || IsBodiless) && !exchange.IsUpgraded;
        await stream.SendHeadAsync(exchange.CreateHead(), IsBodiless ? default : body, end, cancellationToken).ConfigureAwait(false);
        _ended = end;
        _headSent = true;
    }

    private async ValueTask DataAsync(ReadOnlyMemory<byte> bytes, bool end, CancellationToken cancellationToken)
    {
        if (!_ended)
        {
            await stream.SendDataAsync(bytes, end, cancellationToken).ConfigureAwait(false);
            _ended = end;
        }
    }

    /// <summary>Flushed and unflushed bytes as one body when they fit in the head frame.</summary>
    private ReadOnlyMemory<byte>? Join()
    {
        if (_flushedCount + _count > context.Limits.MaxInlinedBody)
        {
            _deferred = None;
            return null;
        }

        if (_flushedCount == 0)
        {
            return _buffer.AsMemory(0, _count);
        }

        if (_count > 0)
        {
            EnsureRoom(_flushedCount);
            _buffer.AsSpan(0, _count).CopyTo(_buffer.AsSpan(_flushedCount));
            _flushed.AsSpan(0, _flushedCount).CopyTo(_buffer);
            return _buffer.AsMemory(0, _flushedCount + _count);
        }

        return _flushed.AsMemory(0, _flushedCount);
    }

    private void Count(int bytes)
    {
        _written += bytes;
        if (exchange.ResponseLength >= 0 && _written > exchange.ResponseLength && !IsBodiless)
        {
            throw new InvalidOperationException($"The response is longer than its Content-Length of {exchange.ResponseLength}.");
        }
    }

    private void EnsureRoom(int size)
    {
        if (_buffer.Length - _count < size)
        {
            var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(_count + size, Math.Max(1024, _buffer.Length * 2)));
            _buffer.AsSpan(0, _count).CopyTo(bigger);
            Return(ref _buffer);
            _buffer = bigger;
        }
    }

    private static void Return(ref byte[] array)
    {
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
            array = [];
        }
    }
}
