using System.CommandLine;

namespace Bowline.Cli.Infrastructure;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class BowlineCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Sets what the command does.</summary>
    public BowlineCommand Does(Func<ParseResult, Task<int>> action)
    {
        SetAction((result, _) => action(result));
        return this;
    }
}
