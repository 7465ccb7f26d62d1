using System.Net;
using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>Options of a relay. Checked when it starts.</summary>
public sealed class RelayOptions
{
    /// <summary>For people, in the NIP-11 document.</summary>
    public string Name { get; set; } = "Bowline relay";

    /// <summary>For people, in the NIP-11 document.</summary>
    public string Description { get; set; } = "A Nostr relay.";

    /// <summary>Where to reach who runs it, as a URI (NIP-11); or null.</summary>
    public Uri? Contact { get; set; }

    /// <summary>The addresses clients know the relay under (<c>ws</c> or <c>wss</c>).</summary>
    /// <value>None: authentication then compares the host the client asked for.</value>
    public IList<Uri> PublicUrls { get; } = [];

    /// <summary>Proxies whose <c>X-Forwarded-For</c> is believed.</summary>
    /// <value>None: the address of the connection counts.</value>
    public IList<IPNetwork> TrustedProxies { get; } = [];

    /// <summary>The limits.</summary>
    public RelayLimits Limits { get; set; } = new();

    /// <summary>Who may write and read.</summary>
    /// <value>Everybody.</value>
    public RelayAccess Access { get; set; } = new();

    /// <summary>Proof of work every event must have and commit to (NIP-13), in bits.</summary>
    /// <value>0: none. At most 64.</value>
    public int MinimumDifficulty { get; set; }

    /// <summary>The relay's own key, which signs what the relay itself says (presence hints). Wins over <see cref="KeyFile"/>; not disposed.</summary>
    public NostrKey? Key { get; set; }

    /// <summary>The file of the relay's own key (mode 0600); made when it is missing.</summary>
    /// <value>None: a new key at every start.</value>
    public string? KeyFile { get; set; }

    /// <summary>How long a stop waits for commits to be answered and for queues to be sent.</summary>
    /// <value>5 s: commits take milliseconds, and a service manager waits longer. 0 to 5 minutes.</value>
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often connections are looked over: pings, stalls, addresses to forget.</summary>
    /// <value>5 s: one pass for all, and no waiting time is off by more. 100 ms to a minute.</value>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Throws for the first option that cannot be.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public void Validate()
    {
        Limits.Validate();
        Check(MinimumDifficulty is >= 0 and <= 64, nameof(MinimumDifficulty), "between 0 and 64");
        Check(StopWithin >= TimeSpan.Zero && StopWithin <= TimeSpan.FromMinutes(5), nameof(StopWithin), "between 0 and 5 minutes");
        Check(SweepInterval >= TimeSpan.FromMilliseconds(100) && SweepInterval <= TimeSpan.FromMinutes(1), nameof(SweepInterval), "between 100 ms and a minute");
        Check(PublicUrls.All(static url => url is { IsAbsoluteUri: true, Scheme: "ws" or "wss" }), nameof(PublicUrls), "absolute, ws or wss");
    }

    private static void Check(bool ok, string name, string must)
    {
        if (!ok)
        {
            throw new ArgumentException($"The relay's option {name} must be {must}.", name);
        }
    }
}
