using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel;

#pragma warning disable CA1001 // A token source without a timer holds nothing, and a waiting pump still looks at it after Stop.
/// <summary>
/// The scheduler of one connection: control frames first, then one frame of each stream that has something to send, in turn. It runs only
/// while the carrier is full or streams compete; otherwise writers and control frames go straight to the carrier.
/// </summary>
internal sealed class CarrierPump(ITunnelCarrier carrier, ILogger logger) : IThreadPoolWorkItem
{
    /// <summary>Control frames that may wait: windows and resets of every stream a client may have, and then some.</summary>
    private const int MaxControl = 8192;

    private readonly Lock _gate = new();
    private readonly Queue<StreamEnd> _ring = new();
    private readonly Queue<(byte[] Subject, byte[] Reply, byte[] Frame)> _control = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource? _controlSent;
    private bool _running;

    public ITunnelCarrier Carrier => carrier;

    /// <summary>True when a writer should take its turn instead of writing at once.</summary>
    public bool IsBusy => Volatile.Read(ref _running);

    public void Enqueue(StreamEnd stream)
    {
        lock (_gate)
        {
            if (stream.EnterRing(this))
            {
                _ring.Enqueue(stream);
                Start();
            }
        }
    }

    public void SendControl(byte[] subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (_control.Count == 0 && carrier.TryPublish(subject, reply, frame, default))
            {
                return;
            }

            if (_control.Count >= MaxControl)
            {
                // Everything control frames say is said again by the next ping, so the oldest may go.
                _ = _control.Dequeue();
                TunnelLog.ControlDropped(logger);
            }

            _control.Enqueue((subject, reply.ToArray(), frame.ToArray()));
            Start();
        }
    }

    /// <summary>Completes when no control frame waits in front of the carrier any more: a flush of the carrier does not know of those.</summary>
    public Task ControlSentAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_control.Count == 0)
            {
                return Task.CompletedTask;
            }

            _controlSent ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _controlSent.Task.WaitAsync(cancellationToken);
        }
    }

    public void Stop() => _stop.Cancel();

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private void Start()
    {
        if (!_running && !_stop.IsCancellationRequested)
        {
            Volatile.Write(ref _running, true);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (!TryFinish())
            {
                if (!SendWaitingControl() || !ServeOne())
                {
                    await carrier.WaitWritableAsync(_stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            FailAll();
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException or IOException)
        {
            TunnelLog.PumpFailed(logger, e);
            FailAll();
        }
    }

    private bool TryFinish()
    {
        lock (_gate)
        {
            if (_ring.Count == 0 && _control.Count == 0)
            {
                Volatile.Write(ref _running, false);
                return true;
            }

            return false;
        }
    }

    private bool SendWaitingControl()
    {
        lock (_gate)
        {
            while (_control.TryPeek(out var next))
            {
                if (!carrier.TryPublish(next.Subject, next.Reply, next.Frame, default))
                {
                    return false;
                }

                _ = _control.Dequeue();
            }

            _controlSent?.TrySetResult();
            _controlSent = null;
            return true;
        }
    }

    private bool ServeOne()
    {
        StreamEnd? stream;
        lock (_gate)
        {
            if (!_ring.TryDequeue(out stream))
            {
                return true;
            }

            stream.LeaveRing(this);
        }

        var served = stream.Serve(this);
        if (served is Served.More or Served.CarrierFull)
        {
            Enqueue(stream);
        }

        return served != Served.CarrierFull;
    }

    private void FailAll()
    {
        StreamEnd[] streams;
        lock (_gate)
        {
            streams = [.. _ring];
            _ring.Clear();
            _control.Clear();
            _controlSent?.TrySetResult();
            _controlSent = null;
            _running = false;
        }

        foreach (var stream in streams)
        {
            stream.LeaveRing(this);
            stream.Fail(new TunnelException(TunnelError.CarrierClosed), tell: false);
        }
    }
}
