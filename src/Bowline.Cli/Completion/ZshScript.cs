using System.Text;

namespace Bowline.Cli.Completion;

/// <summary>Completion for zsh: a file <c>_bowline</c> in a folder of <c>$fpath</c>, or sourced after <c>compinit</c>.</summary>
internal static class ZshScript
{
    public static string Write(IReadOnlyList<CompletionNode> tree)
    {
        var script = new StringBuilder("#compdef bowline\n");
        foreach (var node in tree)
        {
            script.Append($"\n{Function(node.Path)}() {{\n");
            if (node.Commands.Count > 0)
            {
                script.Append("    local -a commands\n    local state line\n    commands=(\n");
                foreach (var command in node.Commands)
                {
                    script.Append($"        '{command.Name}:{Escape(command.Description)}'\n");
                }

                script.Append("    )\n");
            }

            script.Append("    _arguments -C");
            foreach (var option in node.Options)
            {
                foreach (var name in option.Names)
                {
                    var value = option.TakesFile ? ":file:_files" : option.TakesValue ? ":value: " : string.Empty;
                    script.Append($" \\\n        '{name}[{Escape(option.Description)}]{value}'");
                }
            }

            if (node.Commands.Count > 0)
            {
                script.Append(" \\\n        '1: :->command' \\\n        '*:: :->rest'\n");
                script.Append("    case $state in\n        command) _describe 'command' commands ;;\n        rest)\n            case $line[1] in\n");
                foreach (var command in node.Commands)
                {
                    script.Append($"                {command.Name}) {Function([.. node.Path, command.Name])} ;;\n");
                }

                script.Append("            esac ;;\n    esac\n");
            }
            else
            {
                script.Append(node.Values.Count > 0 ? $" \\\n        '1:value:({string.Join(' ', node.Values)})'\n" : node.TakesArgument ? " \\\n        '1:value: '\n" : "\n");
            }

            script.Append("}\n");
        }

        script.Append("\nif [ \"$funcstack[1]\" = \"_bowline\" ]; then _bowline \"$@\"; else compdef _bowline bowline; fi\n");
        return script.ToString();
    }

    private static string Function(IReadOnlyList<string> path) => string.Concat(path.Prepend("_bowline").Select((word, i) => i == 0 ? word : "_" + word));

    private static string Escape(string text) => text.Replace("'", "'\\''", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
