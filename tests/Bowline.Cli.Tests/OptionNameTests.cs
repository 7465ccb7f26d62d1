using System.CommandLine;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Tests;

public sealed partial class OptionNameTests
{
    /// <summary>Options of other programs that messages and child processes name.</summary>
    private static readonly string[] OfOthers = ["--pdeathsig", "--reinstall", "--version", "--help"];

    [Theory]
    [InlineData(typeof(Core.Health.HealthCode))]
    [InlineData(typeof(Hub.HubError))]
    [InlineData(typeof(Node.NodeException))]
    [InlineData(typeof(CliApp))]
    public void Every_option_that_a_message_names_exists(Type inAssembly)
    {
        using var interrupts = new Interrupts();
        var tree = CliApp.CreateTree(new CliContext(Terminal.OfProcess(), TimeProvider.System, Path.GetTempPath(), interrupts));
        var known = Options(tree).Concat(OfOthers).ToHashSet(StringComparer.Ordinal);
        var named = Literals(inAssembly.Assembly.Location).SelectMany(text => OptionName().Matches(text)).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(named.Except(known, StringComparer.Ordinal));
        Assert.Contains("--nats-hub-creds", known);
    }

    private static IEnumerable<string> Options(Command command) =>
        command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Concat(command.Subcommands.SelectMany(Options));

    /// <summary>Every string literal of an assembly, the pieces of interpolated ones included.</summary>
    private static List<string> Literals(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var reader = image.GetMetadataReader();
        var literals = new List<string>();
        for (var at = MetadataTokens.UserStringHandle(1); !at.IsNil; at = reader.GetNextHandle(at))
        {
            literals.Add(reader.GetUserString(at));
        }

        return literals;
    }

    [GeneratedRegex("(?<![-!<])--[a-z][a-z-]*[a-z0-9]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OptionName();
}
