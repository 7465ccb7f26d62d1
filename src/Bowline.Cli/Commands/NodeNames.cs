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
}
