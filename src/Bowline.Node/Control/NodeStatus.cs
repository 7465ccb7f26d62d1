using Bowline.Core.Health;
using Bowline.Node.Services;

namespace Bowline.Node.Control;

/// <summary>What a running node says about itself on its control socket.</summary>
/// <param name="Version">Its version.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="DeviceId">Its device id.</param>
/// <param name="MachineName">The machine's name.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Hub">The hub it has joined.</param>
/// <param name="Link">Its link.</param>
/// <param name="Services">What it exposes.</param>
/// <param name="Health">What is wrong now.</param>
public sealed record NodeStatus(
    string Version,
    int ProcessId,
    string DeviceId,
    string MachineName,
    DateTimeOffset StartedAt,
    NodeHubStatus Hub,
    NodeLinkStatus Link,
    IReadOnlyList<ServiceRecord> Services,
    IReadOnlyList<HealthWarning> Health);

/// <summary>The hub a node has joined.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Name">Its name.</param>
/// <param name="NodeName">This node's name there.</param>
public sealed record NodeHubStatus(Uri Url, string Name, string NodeName);

/// <summary>A node's own view of its link.</summary>
/// <param name="State">stopped, connecting, online, reconnecting or revoked.</param>
/// <param name="Since">Since when.</param>
/// <param name="Connections">Connections opened since the start, renewals included.</param>
/// <param name="SessionEndsAt">When the credentials in use end.</param>
/// <param name="LastError">The latest failure, until the link is online again.</param>
public sealed record NodeLinkStatus(string State, DateTimeOffset Since, int Connections, DateTimeOffset? SessionEndsAt, string? LastError);
