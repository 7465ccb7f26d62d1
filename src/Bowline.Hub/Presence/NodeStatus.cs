using System.Text.Json.Serialization;

namespace Bowline.Hub.Presence;

/// <summary>What a node answers to <c>GET /api/links/status</c> through the tunnel.</summary>
internal sealed record NodeStatus(
    string? Hostname,
    IReadOnlyList<string>? Capabilities,
    string? CliVersion,
    string? DeviceId,
    IReadOnlyList<NodeServiceInfo>? Services,
    DateTimeOffset? StartedAt);

/// <summary>One service of a node.</summary>
internal sealed record NodeServiceInfo(string Name, string? Access);

/// <summary>What a node says on <c>links.&lt;deviceId&gt;.here</c>.</summary>
internal sealed record HereMessage(string? Event);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(HereMessage))]
internal sealed partial class NodeStatusJson : JsonSerializerContext;
