using System.CommandLine;

namespace Bowline.Cli.Completion;

/// <summary>One command as a shell sees it.</summary>
/// <param name="Path">The words that lead to it, without <c>bowline</c>.</param>
/// <param name="Commands">Its sub-commands.</param>
/// <param name="Options">Its options, inherited ones included.</param>
/// <param name="Values">Fixed values of its first argument.</param>
/// <param name="TakesArgument">Whether it takes anything else.</param>
internal sealed record CompletionNode(
    IReadOnlyList<string> Path,
    IReadOnlyList<CompletionWord> Commands,
    IReadOnlyList<CompletionOption> Options,
    IReadOnlyList<string> Values,
    bool TakesArgument);

/// <summary>A word and what it is for.</summary>
internal sealed record CompletionWord(string Name, string Description);

/// <summary>An option, all its names, and whether a value follows.</summary>
internal sealed record CompletionOption(IReadOnlyList<string> Names, string Description, bool TakesValue, bool TakesFile);

/// <summary>Flattens the command tree for the script writers.</summary>
internal static class CompletionTree
{
    public static IReadOnlyList<CompletionNode> Of(RootCommand root)
    {
        var nodes = new List<CompletionNode>();
        Visit(root, [], [], nodes);
        return nodes;
    }

    private static void Visit(Command command, IReadOnlyList<string> path, IReadOnlyList<Option> inherited, List<CompletionNode> nodes)
    {
        var options = command.Options.Concat(inherited).Where(option => !option.Hidden).DistinctBy(option => option.Name).ToList();
        var subcommands = command.Subcommands.Where(sub => !sub.Hidden).ToList();
        var values = command.Arguments.Count > 0
            ? command.Arguments[0].GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(item => item.Label).ToList()
            : [];
        nodes.Add(new CompletionNode(
            path,
            [.. subcommands.Select(sub => new CompletionWord(sub.Name, FirstSentence(sub.Description)))],
            [.. options.Select(Describe)],
            values,
            command.Arguments.Count > 0));
        var passedOn = options.Where(option => option.Recursive).ToList();
        foreach (var sub in subcommands)
        {
            Visit(sub, [.. path, sub.Name], passedOn, nodes);
        }
    }

    private static CompletionOption Describe(Option option) => new(
        [.. option.Aliases.Prepend(option.Name).Where(name => name.StartsWith('-')).Distinct(StringComparer.Ordinal)],
        FirstSentence(option.Description),
        option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool) && option.ValueType != typeof(void),
        option.HelpName is "FILE" or "FOLDER");

    private static string FirstSentence(string? text)
    {
        var end = text?.IndexOf(". ", StringComparison.Ordinal) ?? -1;
        return (end < 0 ? text ?? string.Empty : text![..end]).TrimEnd('.');
    }
}
