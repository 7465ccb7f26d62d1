using System.Text.Json.Serialization;

namespace Bowline.Hub.Presence;

/// <summary>A link with what is known of it now, as the API gives it.</summary>
/// <param name="DeviceId">The device id.</param>
/// <param name="Name">The name the hub gave it (its slug).</param>
/// <param name="MachineName">What the machine calls itself.</param>
/// <param name="Version">The version of bowline it runs.</param>
/// <param name="State">What is known now.</param>
/// <param name="Since">Since when; since the hub's start at the earliest.</param>
/// <param name="Evidence">How it was proved last; null before the first proof.</param>
/// <param name="Services">What it exposes, as it said last.</param>
/// <param name="StartedAt">When its process started, as it said last.</param>
/// <param name="EnrolledAt">When it was enrolled.</param>
internal sealed record LinkPresence(
    string DeviceId,
    string Name,
    string MachineName,
    string Version,
    LinkState State,
    DateTimeOffset Since,
    LinkEvidence? Evidence,
    IReadOnlyList<LinkService> Services,
    DateTimeOffset? StartedAt,
    DateTimeOffset EnrolledAt)
{
    /// <summary>True in the last word about a link that was revoked; the other values are then its last ones.</summary>
    [JsonIgnore]
    public bool IsRemoved { get; init; }
}

/// <summary>How a state was proved, as the API gives it.</summary>
internal sealed record LinkEvidence(EvidenceMethod Method, DateTimeOffset At, double? RttMs);

/// <summary>A service a node exposes.</summary>
internal sealed record LinkService(string Name, string Access);

/// <summary>What a ping found.</summary>
internal sealed record LinkPing(LinkState State, LinkEvidence? Evidence);

/// <summary>The last word about a link.</summary>
internal sealed record LinkRemoved(string DeviceId);

/// <summary>The first event of the stream: all links of the account.</summary>
internal sealed record LinkSnapshot(IReadOnlyList<LinkPresence> Links);

/// <summary>A regular sign that the stream lives.</summary>
internal sealed record LinkBeat(DateTimeOffset At);
