namespace Bowline.Node.HubAccess;

internal sealed record ChallengeRequest(string Code, string DeviceId);

internal sealed record ChallengeResponse(string Challenge, string HubId);

internal sealed record EnrolmentRequest(string Code, string DeviceId, string Challenge, string Signature, string MachineName, string Version);

internal sealed record EnrolmentResponse(string DeviceId, string Slug, string HubId, string HubName);

internal sealed record SessionRequest(string PublicKey, IReadOnlyList<string> Capabilities, string MachineName, string Version);

internal sealed record SessionResponse(SessionConnection Connection, DateTimeOffset ExpiresAt, string? TunnelHostname, string DeviceId, IReadOnlyList<string> Protocols, string? OwnerAccountId);

internal sealed record SessionConnection(IReadOnlyList<string> Urls, string Credentials);

/// <summary>An error by RFC 9457.</summary>
internal sealed record ProblemMessage(string? Type, string? Title, string? Detail, int? Status);
