namespace Bowline.Core.Health;

/// <summary>A trouble that lasts now; the same list feeds <c>bowline status</c>, the console and <c>/healthz</c>.</summary>
/// <param name="Code">The stable code of the trouble.</param>
/// <param name="Title">A few words for a list.</param>
/// <param name="Severity">How much it takes away.</param>
/// <param name="Text">What happened and why, in one or two sentences.</param>
/// <param name="Command">The command to run next; null when waiting is all there is to do.</param>
/// <param name="Since">When it began (not when it became visible).</param>
public sealed record HealthWarning(string Code, string Title, HealthSeverity Severity, string Text, string? Command, DateTimeOffset Since);
