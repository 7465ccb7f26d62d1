namespace Bowline.Node.Enrolment;

/// <summary>Which hub this node has joined, and as what; kept in <c>hub.json</c>.</summary>
/// <param name="Url">The hub's address as this node dials it.</param>
/// <param name="HubId">The hub's identity.</param>
/// <param name="HubName">The hub's name for people.</param>
/// <param name="DeviceId">This node's device id.</param>
/// <param name="Name">The name the hub gave this node.</param>
/// <param name="JoinedAt">When.</param>
public sealed record HubRecord(Uri Url, string HubId, string HubName, string DeviceId, string Name, DateTimeOffset JoinedAt);
