using Bowline.Core.Health;

namespace Bowline.Hub.Health;

/// <summary>What /healthz says: <c>ok</c>, <c>degraded</c> or <c>failing</c>; the warnings are for signed-in callers only.</summary>
internal sealed record HealthReport(string Status, IReadOnlyList<HealthWarning>? Warnings);
