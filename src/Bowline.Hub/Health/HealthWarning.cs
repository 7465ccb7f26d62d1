namespace Bowline.Hub.Health;

/// <summary>Something the operator should know: a stable code, what it means, and the command to run next.</summary>
internal sealed record HealthWarning(string Code, string Title, HealthSeverity Severity, string Text, string Command, DateTimeOffset Since);
