namespace Bowline.Cli.Infrastructure;

/// <summary>What the exit codes mean, in every command.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int Unauthorised = 4;
    public const int TimedOut = 5;
    public const int Interrupted = 130;
}
