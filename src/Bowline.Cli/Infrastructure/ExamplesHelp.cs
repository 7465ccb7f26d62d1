using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Bowline.Cli.Infrastructure;

/// <summary>The ordinary help, and examples below it.</summary>
internal sealed class ExamplesHelp(HelpAction ordinary) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        ordinary.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        IReadOnlyList<string> examples = parseResult.CommandResult.Command switch
        {
            BowlineCommand command => command.Examples,
            RootCommand => ["bowline up                     # hub, node and a demo service on this machine", "bowline expose http://127.0.0.1:3000 --name web", "bowline status --watch"],
            _ => [],
        };
        if (examples.Count > 0)
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        if (parseResult.CommandResult.Command is RootCommand)
        {
            output.WriteLine("Exit codes: 0 ok, 1 failed, 2 usage, 3 unreachable, 4 unauthorised, 5 timed out, 130 interrupted.");
            output.WriteLine("Data folder: $BOWLINE_HOME, or ~/.bowline.");
            output.WriteLine();
        }

        return ExitCode.Ok;
    }
}
