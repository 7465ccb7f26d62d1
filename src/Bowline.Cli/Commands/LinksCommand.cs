using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline links</c>: the nodes of a hub, their state, and how it was proved.</summary>
internal static class LinksCommand
{
    public static Command Create(CliContext cli)
    {
        var hub = CliOptions.Hub();
        var token = CliOptions.TokenFile();
        var json = CliOptions.Json();
        var command = new BowlineCommand(
            "links",
            "List the nodes of a hub: state, since when, by what proof.",
            "bowline links",
            "bowline links --json | jq '.[] | select(.state != \"online\") | .name'")
        {
            hub,
            token,
            json,
        };
        return command.Does(async parsed =>
        {
            using var client = new HubClient(HubAddress.Resolve(cli, parsed.GetValue(hub), parsed.GetValue(token)));
            var links = await client.LinksAsync(cli.Cancelled);
            if (parsed.GetValue(json))
            {
                cli.Terminal.Data(JsonSerializer.Serialize(links, CliJson.Default.IReadOnlyListLinkMessage));
            }
            else if (links.Count == 0)
            {
                cli.Terminal.Say("No node has joined this hub. On the other machine run: bowline node join " + client.Origin);
            }
            else
            {
                Table(links, cli.Time.GetUtcNow()).WriteTo(cli.Terminal);
            }

            return ExitCode.Ok;
        });
    }

    internal static PlainTable Table(IReadOnlyList<LinkMessage> links, DateTimeOffset now)
    {
        var table = new PlainTable("NAME", "STATE", "SINCE", "PROOF", "RTT", PlainTable.List, "VERSION");
        foreach (var link in links)
        {
            table.Add(
                link.Name,
                link.State,
                link.Since is { } since ? Ago.Text(now - since) : "-",
                Proof(link.Evidence, now),
                RoundTrip(link, now),
                link.Services is { Count: > 0 } services ? string.Join(",", services.Select(service => service.Name)) : "-",
                link.Version?.Split('+')[0] ?? "-");
        }

        return table;
    }

    internal static string Proof(EvidenceMessage? evidence, DateTimeOffset now) => evidence switch
    {
        { Method: { } method, At: { } at } => $"{method} {Ago.Text(now - at)} ago",
        { Method: { } method } => method,
        _ => "-",
    };

    /// <summary>The last measured round trip, with its age when the newest proof measured none.</summary>
    internal static string RoundTrip(LinkMessage link, DateTimeOffset now) =>
        link.Evidence?.RttMs is null && link is { RoundTripMs: { } last, RoundTripAt: { } at } ? $"{Rtt(last)} ({Ago.Text(now - at)} ago)" : Rtt(link.Evidence?.RttMs);

    internal static string Rtt(double? milliseconds) =>
        milliseconds is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms") : "-";
}
