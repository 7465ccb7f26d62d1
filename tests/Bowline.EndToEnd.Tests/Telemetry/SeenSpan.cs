namespace Bowline.EndToEnd.Tests.Telemetry;

/// <summary>A span that a collector got.</summary>
/// <param name="Service">The <c>service.name</c> of the process it came from.</param>
/// <param name="Scope">The activity source.</param>
/// <param name="Name">What it did.</param>
/// <param name="TraceId">Its trace, as hex.</param>
/// <param name="SpanId">Its own id, as hex.</param>
/// <param name="ParentId">Its parent's id, as hex; empty for the first of a trace.</param>
internal sealed record SeenSpan(string Service, string Scope, string Name, string TraceId, string SpanId, string ParentId);
