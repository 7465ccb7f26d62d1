using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Bowline.WebRtc;

/// <summary>
/// The sending half of an association: one message at a time, in the order of the calls. A message that finds the send buffer full
/// waits, and the thread that made room sends it. Small messages of our own (DCEP) go before it and never wait for a caller.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asked for holds nothing, and senders may still be leaving it.")]
internal sealed class SctpSender(SctpAssociation association) : IValueTaskSource
{
    private const int WouldBlock = 11;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Queue<(SctpSendParameters Parameters, byte[] Message)> _control = new();
    private ManualResetValueTaskSourceCore<bool> _signal = new() { RunContinuationsAsynchronously = true };
    private ReadOnlyMemory<byte> _message;
    private SctpSendParameters _parameters;
    private bool _isWaiting;
    private bool _isEnded;
    private long _waitingBytes;

    internal Lock Gate { get; } = new();

    /// <summary>Whether messages of our own wait for room. Asked under the lock.</summary>
    internal bool HasControl => _control.Count > 0;

    /// <summary>Bytes of messages that wait for room or for their turn.</summary>
    internal long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    /// <summary>Completes when the message is in the send buffer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask SendAsync(SctpSendParameters parameters, ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        Interlocked.Add(ref _waitingBytes, message.Length);
        try
        {
            await _turn.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch
        {
            Interlocked.Add(ref _waitingBytes, -message.Length);
            throw;
        }

        try
        {
            if (TrySend(parameters, message, out var waiting))
            {
                return;
            }

            association.Flush(); // Room may have come between.
            using (cancel.UnsafeRegister(static (state, token) => ((SctpSender)state!).Cancel(token), this))
            {
                await waiting.ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Add(ref _waitingBytes, -message.Length);
            _turn.Release();
        }
    }

    /// <summary>Sends a message of our own as soon as there is room. There is at most one for each channel: its stream is not reset, and so not used again, before it is sent.</summary>
    internal void SendControl(SctpSendParameters parameters, ReadOnlySpan<byte> message)
    {
        lock (Gate)
        {
            if (HasControl || !TrySendControl(parameters, message))
            {
                _control.Enqueue((parameters, message.ToArray()));
            }
        }
    }

    /// <summary>Sends a message of our own, if its stream takes it now; one that is being reset does not.</summary>
    internal bool TrySendNow(SctpSendParameters parameters, ReadOnlySpan<byte> message)
    {
        lock (Gate)
        {
            return !HasControl && TrySendControl(parameters, message);
        }
    }

    /// <summary>Bytes wait, or no longer wait, elsewhere than here.</summary>
    internal void CountWaiting(int bytes) => Interlocked.Add(ref _waitingBytes, bytes);

    /// <summary>There may be room: sends what waits. True when the last of the messages of our own that waited has left.</summary>
    internal bool Flush()
    {
        lock (Gate)
        {
            var hadControl = HasControl;
            while (_control.TryPeek(out var control) && TrySendControl(control.Parameters, control.Message))
            {
                _control.Dequeue();
            }

            if (_isWaiting && !HasControl)
            {
                try
                {
                    if (TrySend(_parameters, _message.Span))
                    {
                        Finish(null);
                    }
                }
                catch (WebRtcException e)
                {
                    Finish(e);
                }
            }

            return hadControl && !HasControl;
        }
    }

    internal void End()
    {
        lock (Gate)
        {
            _isEnded = true;
            _control.Clear();
            if (_isWaiting)
            {
                Finish(Ended());
            }
        }
    }

    void IValueTaskSource.GetResult(short token) => _signal.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);

    private static WebRtcException Ended() => new(WebRtcError.Closed, "The connection is closed.");

    private void Cancel(CancellationToken cancel)
    {
        lock (Gate)
        {
            if (_isWaiting)
            {
                Finish(new OperationCanceledException(cancel));
            }
        }
    }

    private void Finish(Exception? failure)
    {
        (_message, _isWaiting) = (default, false);
        if (failure is null)
        {
            _signal.SetResult(true);
        }
        else
        {
            _signal.SetException(failure);
        }
    }

    /// <summary>Sends a message, or leaves it to whoever makes room for it.</summary>
    private bool TrySend(SctpSendParameters parameters, ReadOnlyMemory<byte> message, out ValueTask waiting)
    {
        using var burst = SendBurst.Begin();
        lock (Gate)
        {
            waiting = default;
            if (!HasControl && TrySend(parameters, message.Span))
            {
                return true;
            }

            (_message, _parameters, _isWaiting) = (message, parameters, true);
            _signal.Reset();
            waiting = new(this, _signal.Version);
            return false;
        }
    }

    /// <summary>True when it is sent, or need not be since the association is over, which those who have it are told otherwise.</summary>
    private bool TrySendControl(SctpSendParameters parameters, ReadOnlySpan<byte> message)
    {
        try
        {
            return TrySend(parameters, message);
        }
        catch (WebRtcException e) when (e.Error == WebRtcError.Closed)
        {
            return true;
        }
    }

    private bool TrySend(SctpSendParameters parameters, ReadOnlySpan<byte> message)
    {
        if (_isEnded)
        {
            throw Ended();
        }

        return association.Send(parameters, message) switch
        {
            0 => true,
            WouldBlock => false,
            SctpSettings.NotConnected or SctpSettings.NoAssociation or SctpSettings.Reset or SctpSettings.Aborted or SctpSettings.Broken => throw Ended(),
            var error => throw new WebRtcException(WebRtcError.NativeFailure, $"usrsctp refused a message of {message.Length} bytes (errno {error})."),
        };
    }
}
