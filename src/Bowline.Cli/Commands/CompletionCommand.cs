using System.CommandLine;
using Bowline.Cli.Completion;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline completion</c>: scripts for shells, made from the command tree itself.</summary>
internal static class CompletionCommand
{
    public static Command Create(CliContext cli, RootCommand root)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new BowlineCommand(
            "completion",
            "Print a completion script for a shell.",
            "source <(bowline completion bash)",
            "bowline completion zsh > ~/.zfunc/_bowline",
            "bowline completion fish > ~/.config/fish/completions/bowline.fish")
        {
            shell,
        };
        return command.Does(parsed =>
        {
            var tree = CompletionTree.Of(root);
            cli.Terminal.Out.Write(parsed.GetRequiredValue(shell) switch
            {
                "bash" => BashScript.Write(tree),
                "zsh" => ZshScript.Write(tree),
                _ => FishScript.Write(tree),
            });
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
