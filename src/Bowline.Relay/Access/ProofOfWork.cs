using System.Globalization;
using System.Numerics;
using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>Difficulty of an event (NIP-13).</summary>
internal static class ProofOfWork
{
    /// <summary>Leading zero bits of the id.</summary>
    public static int Difficulty(EventId id)
    {
        Span<byte> bytes = stackalloc byte[EventId.Size];
        id.CopyTo(bytes);
        var bits = 0;
        foreach (var value in bytes)
        {
            if (value != 0)
            {
                return bits + BitOperations.LeadingZeroCount(value) - 24;
            }

            bits += 8;
        }

        return bits;
    }

    /// <summary>The difficulty its author aimed at, or 0: without that a lucky id would count as work.</summary>
    public static int CommittedTarget(NostrEvent value)
    {
        for (var i = 0; i < value.Tags.Count; i++)
        {
            var tag = value.Tags[i];
            if (tag.Name == "nonce" && tag.Values.Count > 2 && int.TryParse(tag.Values[2], NumberStyles.None, CultureInfo.InvariantCulture, out var target))
            {
                return target;
            }
        }

        return 0;
    }
}
