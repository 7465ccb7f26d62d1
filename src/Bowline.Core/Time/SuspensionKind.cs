namespace Bowline.Core.Time;

/// <summary>Why a process did not run for a while.</summary>
public enum SuspensionKind
{
    /// <summary>It ran.</summary>
    None,

    /// <summary>The process was stopped while the machine ran: <c>SIGSTOP</c>, a frozen container, a starved CPU.</summary>
    Frozen,

    /// <summary>The machine slept: the wall clock went on and the monotonic clock stood still.</summary>
    Suspended,
}
