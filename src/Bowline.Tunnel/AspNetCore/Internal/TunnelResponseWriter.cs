using System.Buffers;
using System.IO.Pipelines;

namespace Bowline.Tunnel;

/// <summary>Gathers what the app writes in pooled arrays until it flushes or ends. Used by one thread at a time, as every pipe writer.</summary>
internal sealed class TunnelResponseWriter(TunnelAppContext context) : PipeWriter
{
    private const int FirstSize = 4 * 1024;
    private const int LaterSize = 64 * 1024;
    private readonly Queue<ArraySegment<byte>> _full = new();
    private byte[] _current = [];
    private int _used;
    private long _gathered;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _gathered + _used;

    /// <summary>True when all of it is in one array.</summary>
    public bool IsSingle => _full.Count == 0;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _current.AsMemory(_used);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _current.AsSpan(_used);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _current.Length - _used);
        _used += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var flushing = context.FlushBodyAsync(lazy: true, cancellationToken);
        return flushing.IsCompletedSuccessfully ? Done(flushing) : Wait(flushing);

        static ValueTask<FlushResult> Done(ValueTask done)
        {
            done.GetAwaiter().GetResult();
            return default;
        }

        static async ValueTask<FlushResult> Wait(ValueTask flushing)
        {
            await flushing.ConfigureAwait(false);
            return default;
        }
    }

    public override void CancelPendingFlush()
    {
        // A flush waits for the caller's credit only; aborting the request ends that wait.
    }

    public override void Complete(Exception? exception = null)
    {
        // The response ends when the app's task completes.
    }

    /// <summary>Takes the oldest gathered bytes out; the taker returns the array to the pool.</summary>
    public bool TryTake(out ArraySegment<byte> taken)
    {
        if (_full.TryDequeue(out taken))
        {
            _gathered -= taken.Count;
            return true;
        }

        taken = new(_current, 0, _used);
        if (_used == 0)
        {
            return false;
        }

        _current = [];
        _used = 0;
        return true;
    }

    /// <summary>Drops what is gathered. Arrays go back to the pool only when nothing can still write to them.</summary>
    public void Discard(bool reusable)
    {
        while (_full.TryDequeue(out var segment))
        {
            Return(segment, reusable);
        }

        Return(_current, reusable);
        _current = [];
        _used = 0;
        _gathered = 0;
    }

    public static void Return(ArraySegment<byte> segment, bool reusable = true)
    {
        if (reusable && segment.Array is { Length: > 0 } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Reserve(int sizeHint)
    {
        context.ThrowIfResponseOver();
        if (_current.Length - _used >= Math.Max(1, sizeHint))
        {
            return;
        }

        if (_used > 0)
        {
            _full.Enqueue(new(_current, 0, _used));
            _gathered += _used;
        }
        else
        {
            Return(_current);
        }

        _current = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, _full.Count == 0 ? FirstSize : LaterSize));
        _used = 0;
    }
}
