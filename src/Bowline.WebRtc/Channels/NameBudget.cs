namespace Bowline.WebRtc;

/// <summary>
/// The bytes that the labels and protocols of channels which the other side made may hold together. What a channel takes is free again when
/// it is over and this side's reader has it: until then it waits with its names.
/// </summary>
internal sealed class NameBudget(int most)
{
    private long _held;

    /// <summary>False when they are too many, and nothing is taken then.</summary>
    internal bool TryTake(in DcepOpen open)
    {
        var cost = Cost(open.Label, open.Protocol);
        if (Interlocked.Add(ref _held, cost) <= most)
        {
            return true;
        }

        Interlocked.Add(ref _held, -cost);
        return false;
    }

    /// <summary>One of the two has let go of the channel: whoever made it, by closing, or the list of those that wait for a reader.</summary>
    internal void LetGo(DataChannel channel)
    {
        if (channel.LetGoOfNames())
        {
            Interlocked.Add(ref _held, -Cost(channel.Label, channel.Options.Protocol));
        }
    }

    private static int Cost(string label, string protocol) => sizeof(char) * (label.Length + protocol.Length);
}
