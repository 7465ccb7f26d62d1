using System.IO.Enumeration;

namespace Bowline.WebRtc;

/// <summary>Which addresses of this machine are told to the other side and used.</summary>
public sealed record CandidateFilter
{
    /// <summary>Whether loopback addresses are used: for two peers on one machine. <value>False.</value></summary>
    public bool IncludeLoopback { get; init; }

    /// <summary>Whether link-local addresses are used. <value>False: they need a zone that does not travel, and win over better ones.</value></summary>
    public bool IncludeLinkLocal { get; init; }

    /// <summary>Whether IPv4 addresses are used. <value>True.</value></summary>
    public bool IncludeIPv4 { get; init; } = true;

    /// <summary>Whether IPv6 addresses are used. <value>True.</value></summary>
    public bool IncludeIPv6 { get; init; } = true;

    /// <summary>Names of the interfaces to use, with <c>*</c> and <c>?</c>. <value>All.</value></summary>
    public IReadOnlyList<string> Interfaces { get; init; } = ["*"];

    /// <summary>Names of the interfaces not to use, with <c>*</c> and <c>?</c>; this wins. <value>None: a bridge of containers is how a peer in one of them is reached.</value></summary>
    public IReadOnlyList<string> ExcludedInterfaces { get; init; } = [];

    internal bool AllowsInterface(string name) => Interfaces.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name))
        && !ExcludedInterfaces.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name));
}
