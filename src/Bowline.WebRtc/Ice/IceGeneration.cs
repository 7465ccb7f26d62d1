namespace Bowline.WebRtc;

/// <summary>One generation of ICE as the negotiation sees it. Guarded by the lock of its owner.</summary>
internal sealed class IceGeneration
{
    /// <summary>As many addresses of the other side as libnice takes.</summary>
    internal const int MostRemote = 100;

    /// <summary>Set once, right after its path exists.</summary>
    internal IcePath Path { get; set; } = null!;

    /// <summary>The addresses found so far.</summary>
    internal List<CandidateLine> Local { get; } = [];

    internal bool IsGathered { get; set; }

    /// <summary>The description has been handed over: what is found from now on is told one by one.</summary>
    internal bool IsDescribed { get; set; }

    internal string? RemoteUserFragment { get; set; }

    internal string? RemotePassword { get; set; }

    /// <summary>The addresses of the other side so far, without their extensions: each description repeats those before it.</summary>
    internal HashSet<CandidateLine> Remote { get; } = [];

    internal IceState State { get; set; }

    /// <summary>The pair that was chosen last.</summary>
    internal CandidatePair? Pair { get; set; }

    /// <summary>Whether an address that names this user fragment, or none, belongs here.</summary>
    internal bool Takes(string? userFragment) => RemoteUserFragment is { } own && (userFragment is null || string.Equals(own, userFragment, StringComparison.Ordinal));
}
