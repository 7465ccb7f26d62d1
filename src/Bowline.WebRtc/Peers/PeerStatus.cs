using System.Runtime.CompilerServices;

namespace Bowline.WebRtc;

/// <summary>The status of a connection, and those who watch it. Its lock is held for no call to anything else.</summary>
internal sealed class PeerStatus
{
    private readonly Lock _gate = new();
    private PeerConnectionStatus _status = new(PeerConnectionState.New, IceState.New, null, null);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PeerConnectionStatus Current
    {
        get
        {
            lock (_gate)
            {
                return _status;
            }
        }
    }

    internal static bool IsOver(PeerConnectionStatus status) => status.State is PeerConnectionState.Failed or PeerConnectionState.Closed;

    internal void Change(Func<PeerConnectionStatus, PeerConnectionStatus> change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            var status = IsOver(_status) ? _status : change(_status);
            if (status == _status)
            {
                return;
            }

            _status = status;
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }

    internal async IAsyncEnumerable<PeerConnectionStatus> WatchAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            PeerConnectionStatus status;
            Task changed;
            lock (_gate)
            {
                (status, changed) = (_status, _changed.Task);
            }

            yield return status;
            if (IsOver(status))
            {
                yield break;
            }

            await changed.WaitAsync(cancel).ConfigureAwait(false);
        }
    }
}
