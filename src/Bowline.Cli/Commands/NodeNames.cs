using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary>Finds a node by what a person typed: its name, its device id or an unambiguous beginning of it.</summary>
internal static class NodeNames
{
    private const int ShortestPrefix = 6;

    /// <summary>The one node that was meant.</summary>
    /// <exception cref="CliException">None, or more than one.</exception>
    public static LinkMessage Find(IReadOnlyList<LinkMessage> links, string typed)
    {
        var exact = links.FirstOrDefault(link => link.Name == typed || link.DeviceId == typed);
        if (exact is not null)
        {
            return exact;
        }

        var begins = typed.Length >= ShortestPrefix ? links.Where(link => link.DeviceId.StartsWith(typed, StringComparison.Ordinal)).ToList() : [];
        return begins.Count == 1
            ? begins[0]
            : throw new CliException(
                ExitCode.Failed,
                $"There is no node '{typed}' at this hub.",
                links.Count == 0 ? "No node has joined it." : "Its nodes are: " + string.Join(", ", links.Select(link => link.Name)) + ".",
                "bowline links");
    }

    /// <summary>Asks the person at the terminal, when there is one and it was not told not to.</summary>
    /// <exception cref="CliException">The answer was not yes.</exception>
    public static async Task ConfirmAsync(CliContext cli, bool yes, string question, string refused, string command)
    {
        if (!yes && cli.Terminal.InputIsTerminal && !await cli.Terminal.ConfirmAsync(question, cli.Cancelled))
        {
            throw new CliException(ExitCode.Failed, refused, "The answer was not yes.", $"bowline hub {command} NODE --yes   (does not ask)");
        }
    }
}
