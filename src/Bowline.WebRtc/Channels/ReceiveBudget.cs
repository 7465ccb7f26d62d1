namespace Bowline.WebRtc;

/// <summary>The bytes that all channels of a connection may hold for their readers. Beyond it nothing more is taken from SCTP, whose window then closes.</summary>
internal sealed class ReceiveBudget(int most)
{
    /// <summary>What a message costs beside its content, so that a flood of empty ones is bounded too.</summary>
    internal const int Overhead = 128;

    private long _held;

    internal bool HasRoom => Interlocked.Read(ref _held) < most;

    internal void Take(int length) => Interlocked.Add(ref _held, length + Overhead);

    /// <summary>A message was read; true when taking should begin again: half of the budget is free, and it was not before.</summary>
    internal bool Give(int length)
    {
        var cost = length + Overhead;
        var held = Interlocked.Add(ref _held, -cost);
        return held < most / 2 && held + cost >= most / 2;
    }
}
