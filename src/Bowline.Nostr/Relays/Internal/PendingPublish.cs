namespace Bowline.Nostr;

/// <summary>One event that waits for a relay's answer.</summary>
internal sealed class PendingPublish(NostrEvent value, NostrKey? key, TimeSpan timeout)
{
    private readonly TaskCompletionSource<RelayPublishOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NostrEvent Event { get; } = value;

    public NostrKey? Key { get; } = key;

    public TimeSpan Timeout { get; } = timeout;

    /// <summary>Set when the machine takes it.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.MaxValue;

    /// <summary>Sent on the present socket.</summary>
    public bool IsSent { get; set; }

    /// <summary>Sent on any socket: the relay may have it.</summary>
    public bool WasSent { get; set; }

    /// <summary>Waits for its key to be proven.</summary>
    public bool IsParked { get; set; }

    /// <summary>Was sent again after its key was proven.</summary>
    public bool WasRetried { get; set; }

    public Task<RelayPublishOutcome> Outcome => _done.Task;

    public void Finish(RelayPublishOutcome outcome) => _done.TrySetResult(outcome);
}
