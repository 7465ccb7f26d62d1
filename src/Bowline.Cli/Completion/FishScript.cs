using System.Text;

namespace Bowline.Cli.Completion;

/// <summary>Completion for fish.</summary>
internal static class FishScript
{
    public static string Write(IReadOnlyList<CompletionNode> tree)
    {
        var script = new StringBuilder("# fish completion for bowline\ncomplete -c bowline -f\n");
        foreach (var node in tree)
        {
            var condition = Condition(node);
            foreach (var command in node.Commands)
            {
                script.Append($"complete -c bowline -n '{condition}' -a {command.Name} -d {Quote(command.Description)}\n");
            }

            foreach (var value in node.Values)
            {
                script.Append($"complete -c bowline -n '{condition}' -a {value}\n");
            }

            foreach (var option in node.Options)
            {
                var names = string.Concat(option.Names.Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : name.Length == 2 ? $" -s {name[1..]}" : string.Empty));
                if (names.Length > 0)
                {
                    script.Append($"complete -c bowline -n '{condition}'{names}{(option.TakesFile ? " -r -F" : option.TakesValue ? " -x" : string.Empty)} -d {Quote(option.Description)}\n");
                }
            }
        }

        return script.ToString();
    }

    private static string Condition(CompletionNode node)
    {
        var seen = node.Path.Select(word => $"__fish_seen_subcommand_from {word}");
        var notYet = node.Commands.Count > 0 ? [$"not __fish_seen_subcommand_from {string.Join(' ', node.Commands.Select(command => command.Name))}"] : Array.Empty<string>();
        var all = seen.Concat(notYet).ToList();
        return all.Count == 0 ? "true" : string.Join("; and ", all);
    }

    private static string Quote(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}
