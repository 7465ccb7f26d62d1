using Bowline.Core.Health;

namespace Bowline.Cli.HubAccess;

internal sealed record InviteMessage(string Code, DateTimeOffset ExpiresAt);

internal sealed record LoginLinkMessage(string Url, DateTimeOffset ExpiresAt);

internal sealed record EvidenceMessage(string? Method, DateTimeOffset? At, double? RttMs);

internal sealed record ServiceMessage(string Name, string? Access);

internal sealed record LinkMessage(
    string DeviceId,
    string Name,
    string? MachineName,
    string? Version,
    string State,
    DateTimeOffset? Since,
    EvidenceMessage? Evidence,
    double? RoundTripMs,
    DateTimeOffset? RoundTripAt,
    IReadOnlyList<ServiceMessage>? Services,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EnrolledAt);

internal sealed record PingMessage(string State, EvidenceMessage? Evidence);

internal sealed record HubWarningMessage(string Code, string Title, HealthSeverity Severity, string Text, string? Command, DateTimeOffset Since);

internal sealed record HubHealthMessage(string Status, IReadOnlyList<HubWarningMessage>? Warnings);

/// <summary>The hub's answer to a revocation that is not effective at once.</summary>
internal sealed record RevocationMessage(int EffectiveWithinSeconds, string Message);

internal sealed record ProblemMessage(string? Type, string? Title, string? Detail, int? Status);
