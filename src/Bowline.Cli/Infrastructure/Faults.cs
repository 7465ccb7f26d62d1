using Bowline.Node;

namespace Bowline.Cli.Infrastructure;

/// <summary>Puts failures of the libraries into the CLI's words: what, why, next, and the exit code.</summary>
internal static class Faults
{
    public static CliException Of(NodeException failure, string what) => failure.Error switch
    {
        NodeError.HubUnreachable => new CliException(ExitCode.Unreachable, what, failure.Message, "bowline doctor   (on the hub's machine: bowline hub)", failure),
        NodeError.NotAHub => new CliException(ExitCode.Failed, what, failure.Message, "check the address, then: bowline doctor --hub URL", failure),
        NodeError.NatsUnreachable => new CliException(ExitCode.Unreachable, what, failure.Message, "bowline doctor", failure),
        NodeError.NotRunning => new CliException(ExitCode.Unreachable, what, failure.Message, "bowline up   (or, joined to another machine's hub: bowline node run)", failure),
        NodeError.DeviceUnknown => new CliException(ExitCode.Unauthorised, what, failure.Message, "bowline node join HUB_URL", failure),
        NodeError.CodeInvalid => new CliException(ExitCode.Unauthorised, what, failure.Message, "get a new code with: bowline hub invite   (on the hub's machine, or in the console)", failure),
        NodeError.AlreadyEnrolled => new CliException(ExitCode.Unauthorised, what, failure.Message, "ask that account to revoke the device in the console, then join again", failure),
        NodeError.CredentialsRefused => new CliException(ExitCode.Unauthorised, what, failure.Message, "bowline doctor", failure),
        NodeError.NotJoined => new CliException(ExitCode.Failed, what, failure.Message, "bowline up   (this machine only), or: bowline node join HUB_URL", failure),
        NodeError.AlreadyJoined => new CliException(ExitCode.Failed, what, failure.Message, "bowline node leave", failure),
        NodeError.AlreadyRunning => new CliException(ExitCode.Failed, what, failure.Message, "bowline status", failure),
        NodeError.ServiceInvalid => new CliException(ExitCode.Usage, what, failure.Message, "bowline expose --help", failure),
        NodeError.ServiceConflict => new CliException(ExitCode.Failed, what, failure.Message, "bowline status", failure),
        _ => new CliException(ExitCode.Failed, what, failure.Message, "bowline doctor", failure),
    };
}
