using System.Text;

namespace Bowline.Cli.Completion;

/// <summary>Completion for bash 3.2 and later, without the bash-completion package.</summary>
internal static class BashScript
{
    public static string Write(IReadOnlyList<CompletionNode> tree)
    {
        var valued = string.Join('|', tree.SelectMany(node => node.Options).Where(option => option.TakesValue).SelectMany(option => option.Names).Distinct(StringComparer.Ordinal));
        var files = string.Join('|', tree.SelectMany(node => node.Options).Where(option => option.TakesFile).SelectMany(option => option.Names).Distinct(StringComparer.Ordinal));
        var script = new StringBuilder();
        script.Append("# bash completion for bowline; load it with: source <(bowline completion bash)\n");
        script.Append("_bowline() {\n");
        script.Append("    local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" path=\"\" words=\"\" i word skip=0\n");
        script.Append("    case \"$prev\" in\n");
        script.Append($"        {files}) COMPREPLY=( $(compgen -f -- \"$cur\") ); return ;;\n");
        script.Append($"        {valued}) COMPREPLY=(); return ;;\n");
        script.Append("    esac\n");
        script.Append("    for (( i = 1; i < COMP_CWORD; i++ )); do\n");
        script.Append("        word=\"${COMP_WORDS[i]}\"\n");
        script.Append("        if (( skip )); then skip=0; continue; fi\n");
        script.Append("        case \"$word\" in\n");
        script.Append($"            {valued}) skip=1 ;;\n");
        script.Append("            -*) ;;\n");
        script.Append("            *) case \"$path $word\" in\n");
        foreach (var node in tree.Where(node => node.Path.Count > 0))
        {
            script.Append($"                \" {string.Join(' ', node.Path)}\") path=\" {string.Join(' ', node.Path)}\" ;;\n");
        }

        script.Append("            esac ;;\n");
        script.Append("        esac\n");
        script.Append("    done\n");
        script.Append("    case \"$path\" in\n");
        foreach (var node in tree)
        {
            var words = node.Commands.Select(command => command.Name).Concat(node.Values).Concat(node.Options.SelectMany(option => option.Names));
            var pattern = node.Path.Count == 0 ? string.Empty : " " + string.Join(' ', node.Path);
            script.Append($"        \"{pattern}\") words=\"{string.Join(' ', words)}\" ;;\n");
        }

        script.Append("    esac\n");
        script.Append("    COMPREPLY=( $(compgen -W \"$words\" -- \"$cur\") )\n");
        script.Append("}\n");
        script.Append("complete -F _bowline bowline\n");
        return script.ToString();
    }
}
