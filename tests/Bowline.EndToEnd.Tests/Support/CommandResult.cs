namespace Bowline.EndToEnd.Tests.Support;

/// <summary>How a command ended: its exit code, what it wrote to stdout, and everything it said.</summary>
internal sealed record CommandResult(int ExitCode, string Data, string Output);
