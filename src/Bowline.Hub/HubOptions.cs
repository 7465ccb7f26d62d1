using System.Net;

namespace Bowline.Hub;

/// <summary>How a hub runs. Validated when the hub starts.</summary>
public sealed class HubOptions
{
    /// <summary>The shortest <see cref="LinkSessionLife"/>.</summary>
    /// <value>
    /// 6 s: a renewal begins at two thirds, which leaves 2 s, as long as a lost connection is given to come back. Asking the hub and dialling may
    /// take 20 s over a bad network: below a minute such a renewal comes too late, and the link is made anew.
    /// </value>
    public static readonly TimeSpan ShortestLinkSessionLife = TimeSpan.FromSeconds(6);

    /// <summary>The longest <see cref="LinkSessionLife"/>.</summary>
    /// <value>24 h: a credential that was copied is good until it ends.</value>
    public static readonly TimeSpan LongestLinkSessionLife = TimeSpan.FromHours(24);

    /// <summary>The folder for the database, keys and streams (mode 0700).</summary>
    public required string DataFolder { get; set; }

    /// <summary>The name people see; the machine's name unless set.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Where console and API listen.</summary>
    /// <value>127.0.0.1:7700: nothing is reachable from other machines until somebody decides so. Port 0 takes a free one.</value>
    public IPEndPoint Listen { get; set; } = new(IPAddress.Loopback, 7700);

    /// <summary>The port of exposed content, on the same address.</summary>
    /// <value>7701. A port of its own is an origin of its own, so an exposed page cannot act as the console.</value>
    public int ContentPort { get; set; } = 7701;

    /// <summary>The address people and nodes use when the hub stands behind a reverse proxy, e.g. https://hub.example.org.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>The public address of exposed content when it differs from <see cref="PublicUrl"/> with <see cref="ContentPort"/>.</summary>
    public Uri? PublicContentUrl { get; set; }

    /// <summary>More names under which this hub may be called (the Host header), without port.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    public IList<IPAddress> TrustedProxies { get; } = [];

    /// <summary>Serves exposed content at <c>&lt;service&gt;--&lt;node&gt;.&lt;domain&gt;</c> when set; DNS and certificate are wildcards.</summary>
    public string? WildcardDomain { get; set; }

    /// <summary>A PEM certificate (chain); with it the hub speaks HTTPS.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The PEM key of <see cref="CertificateFile"/>; the certificate file itself unless set.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>How long a link session's credentials live, from <see cref="ShortestLinkSessionLife"/> to <see cref="LongestLinkSessionLife"/>.</summary>
    /// <value>15 minutes: the longest a revoked node can act where its connection cannot be cut.</value>
    public TimeSpan LinkSessionLife { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an enrolment code can be used.</summary>
    /// <value>10 minutes: enough to walk to the other machine.</value>
    public TimeSpan InviteLife { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The <c>nats-server</c> executable: a path, or a name looked up in PATH and /usr/sbin.</summary>
    public string NatsServer { get; set; } = "nats-server";

    /// <summary>An existing NATS cluster instead of the embedded server.</summary>
    public HubNatsOptions? Nats { get; set; }

    /// <summary>Whether the hub has a Nostr relay, at <c>/relay</c>: open to all who reach the hub, within the relay's limits.</summary>
    /// <value>True: the mesh and agents of this hub's people meet there.</value>
    public bool Relay { get; set; } = true;

    /// <summary>Checks every option.</summary>
    /// <exception cref="HubException">An option has no usable value.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(DataFolder), "The hub needs a data folder: set BOWLINE_HOME.");
        Require(!string.IsNullOrWhiteSpace(Name) && Name.Length <= 64, "--hub-name needs 1 to 64 characters.");
        Require(ContentPort is >= 0 and <= 65535, "--content-port needs a port number.");
        Require(ContentPort == 0 || ContentPort != Listen.Port, "Exposed content needs a port of its own: --content-port must differ from the port of --listen.");
        Require(PublicUrl is null || IsOrigin(PublicUrl), "--public-url needs an http or https address without path, e.g. https://hub.example.org.");
        Require(PublicContentUrl is null || IsOrigin(PublicContentUrl), "--public-content-url needs an http or https address without path.");
        Require(PublicContentUrl is null || PublicUrl is null || PublicContentUrl.Authority != PublicUrl.Authority, "--public-content-url must be another origin than --public-url.");
        Require(WildcardDomain is null || (PublicUrl is not null && Uri.CheckHostName(WildcardDomain) == UriHostNameType.Dns), "--wildcard-domain needs a DNS name, and --public-url for the way back to the console.");
        Require(WildcardDomain is null || !Content.ContentAddress.IsBelow(PublicUrl!.Host, WildcardDomain), "--public-url must not lie below --wildcard-domain: content would share its site's names.");
        Require(AllowedHosts.All(host => Uri.CheckHostName(host) != UriHostNameType.Unknown), "--allowed-host needs a name or an address without scheme and port, e.g. hub.example.org.");
        Require(CertificateKeyFile is null || CertificateFile is not null, "--cert-key needs --cert: the key is of no use without its certificate.");
        Require(LinkSessionLife >= ShortestLinkSessionLife && LinkSessionLife <= LongestLinkSessionLife, $"--session-life needs {ShortestLinkSessionLife.TotalSeconds:0} to {LongestLinkSessionLife.TotalSeconds:0} seconds: in less a node cannot renew it in time.");
        Require(InviteLife > TimeSpan.Zero, "A code must live longer than nothing.");
        Nats?.Validate();
    }

    internal static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new HubException(HubError.OptionsInvalid, message);
        }
    }

    private static bool IsOrigin(Uri url) => url.IsAbsoluteUri && url.Scheme is "http" or "https" && url.PathAndQuery == "/" && url.UserInfo.Length == 0;
}
