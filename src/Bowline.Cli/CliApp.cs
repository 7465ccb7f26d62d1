using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Bowline.Cli.Commands;
using Bowline.Cli.Infrastructure;
using Bowline.Node;

namespace Bowline.Cli;

/// <summary>The command tree, and the one place where failures become words and exit codes.</summary>
internal static class CliApp
{
    public static RootCommand CreateTree(CliContext cli)
    {
        var root = new RootCommand("Bowline keeps links to agents and services on machines you own.")
        {
            UpCommand.Create(cli),
            HubCommand.Create(cli),
            NodeCommand.Create(cli),
            ExposeCommand.Create(cli),
            LinksCommand.Create(cli),
            StatusCommand.Create(cli),
            PingCommand.Create(cli),
            DoctorCommand.Create(cli),
            RelayCommand.Create(cli),
            KeyCommand.Create(cli),
            EventCommand.Create(cli),
        };
        root.Add(CompletionCommand.Create(cli, root));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesHelp((HelpAction)help.Action!);
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        using var interrupts = new Interrupts();
        var cli = new CliContext(Terminal.OfProcess(), TimeProvider.System, NodeFolder.DefaultHome, interrupts);
        try
        {
            return await RunAsync(args, cli);
        }
        finally
        {
            cli.Terminal.Restore();
        }
    }

    public static async Task<int> RunAsync(string[] args, CliContext cli)
    {
        var parsed = CreateTree(cli).Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Action is ParseErrorAction)
        {
            return RefuseUsage(parsed, cli.Terminal);
        }

        var configuration = new InvocationConfiguration
        {
            Output = cli.Terminal.Out,
            Error = cli.Terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // Interrupts does it, and tells Ctrl-C from a service manager.
        };
        try
        {
            return await parsed.InvokeAsync(configuration, CancellationToken.None);
        }
        catch (CliException failure)
        {
            cli.Terminal.Fail(failure.Message, failure.Why, failure.Next);
            return failure.ExitCode;
        }
        catch (NodeException failure)
        {
            var said = Faults.Of(failure, "The node could not do that.");
            cli.Terminal.Fail(said.Message, said.Why, said.Next);
            return said.ExitCode;
        }
        catch (OperationCanceledException) when (cli.Cancelled.IsCancellationRequested)
        {
            return cli.Interrupts.ByKeyboard ? ExitCode.Interrupted : ExitCode.Ok;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            cli.Terminal.Fail("A file or a connection failed.", failure.Message, "bowline doctor");
            return ExitCode.Failed;
        }
    }

    private static int RefuseUsage(ParseResult parsed, Terminal terminal)
    {
        var path = string.Join(' ', Path(parsed.CommandResult.Command).Reverse());
        // With an unknown word the parser also misses a command; the word alone says it.
        var unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.Errors.Where(error => parsed.UnmatchedTokens.Any(token => error.Message.Contains(token, StringComparison.Ordinal))).ToList() : [];
        var why = string.Join(" ", (unknown.Count > 0 ? unknown : parsed.Errors).Select(error => error.Message).Distinct(StringComparer.Ordinal));
        terminal.Fail("The command line was not understood.", string.Join(' ', why.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), $"{path} --help");
        return ExitCode.Usage;
    }

    private static IEnumerable<string> Path(Command command)
    {
        for (Symbol? at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            yield return at is RootCommand ? "bowline" : at.Name;
        }
    }
}
