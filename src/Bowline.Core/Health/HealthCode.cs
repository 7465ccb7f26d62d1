namespace Bowline.Core.Health;

/// <summary>One kind of trouble, defined once beside the code that can detect it.</summary>
/// <param name="Code">Stable name for scripts, in lower case with dashes: <c>hub-unreachable</c>.</param>
/// <param name="Title">A few words for a list.</param>
/// <param name="Severity">How much it takes away.</param>
/// <param name="TimeToVisible">
/// How long the trouble must last before it is shown, so that what heals by itself in a moment alarms nobody.
/// </param>
public sealed record HealthCode(string Code, string Title, HealthSeverity Severity, TimeSpan TimeToVisible);
