namespace Bowline.Cli.Infrastructure;

/// <summary>A failure in the words of the CLI: what failed, why, and the command to run next.</summary>
internal sealed class CliException : Exception
{
    public CliException()
        : this("The command failed.")
    {
    }

    public CliException(string message)
        : this(message, null)
    {
    }

    public CliException(string message, Exception? innerException)
        : base(message, innerException)
    {
        ExitCode = Infrastructure.ExitCode.Failed;
        Why = innerException?.Message ?? string.Empty;
    }

    public CliException(int exitCode, string what, string why, string? next = null, Exception? innerException = null)
        : base(what, innerException)
    {
        ExitCode = exitCode;
        Why = why;
        Next = next;
    }

    /// <summary>See <see cref="Infrastructure.ExitCode"/>.</summary>
    public int ExitCode { get; }

    /// <summary>The reason, in one or two sentences.</summary>
    public string Why { get; }

    /// <summary>The command to run next.</summary>
    public string? Next { get; }
}
