namespace Bowline.Hub.Problems;

/// <summary>The JSON members of a problem.</summary>
internal sealed record ProblemBody(string Type, string Title, int Status, string? Detail, string TraceId);
