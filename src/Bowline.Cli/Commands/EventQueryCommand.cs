using System.CommandLine;
using Bowline.Cli.Events;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline event query</c>: stored events, as JSON, one on a line.</summary>
internal static class EventQueryCommand
{
    public static Command Create(CliContext cli)
    {
        var relays = RelayAddresses.Option();
        var keyFile = EventReading.KeyOption();
        var json = CliOptions.Json();
        var command = new BowlineCommand(
            "query",
            "Print stored events that meet all conditions, as JSON, one on a line; each is verified.",
            "bowline event query --kind 0 --author npub1... --relay wss://relay.example.org",
            "bowline event query --tag t=bowline --since 2h --limit 20")
        {
            relays,
            keyFile,
            json,
        };
        var conditions = new FilterOptions().AddTo(command);
        return command.Does(async parsed =>
        {
            var addresses = RelayAddresses.Read(parsed, relays, cli);
            var filter = conditions.Read(parsed, cli);
            return await EventReading.RunAsync(cli, parsed.GetValue(keyFile), async (pool, options) =>
            {
                var found = await pool.QueryAsync(addresses, [filter], options, cli.Cancelled);
                foreach (var value in found.Events.OrderByDescending(static value => value.CreatedAt).ThenBy(static value => value.Id).Take(filter.Limit ?? int.MaxValue))
                {
                    cli.Terminal.Data(value.ToString());
                }

                return EventReading.Judge(cli, pool, addresses, found.IsComplete);
            });
        });
    }
}
