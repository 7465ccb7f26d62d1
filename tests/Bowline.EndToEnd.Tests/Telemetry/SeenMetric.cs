namespace Bowline.EndToEnd.Tests.Telemetry;

/// <summary>A metric that a collector got.</summary>
internal sealed record SeenMetric(string Service, string Name, string Unit);
