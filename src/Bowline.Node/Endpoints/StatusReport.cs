namespace Bowline.Node.Endpoints;

/// <summary>The answer to <c>GET /api/links/status</c> over the tunnel.</summary>
internal sealed record StatusReport(
    string Hostname,
    IReadOnlyList<string> Capabilities,
    string CliVersion,
    string DeviceId,
    IReadOnlyList<ServiceReport> Services,
    IReadOnlyList<string> Agents,
    DateTimeOffset StartedAt);

/// <summary>One service in the status report.</summary>
internal sealed record ServiceReport(string Name, string Access);

/// <summary>The body of <c>POST /api/links/control</c>.</summary>
internal sealed record ControlRequest(string? Action);
