using System.CommandLine;
using Bowline.Cli.Events;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline event watch</c>: events as they are published, as JSON, one on a line.</summary>
internal static class EventWatchCommand
{
    public static Command Create(CliContext cli)
    {
        var relays = RelayAddresses.Option();
        var keyFile = EventReading.KeyOption();
        var json = CliOptions.Json();
        var command = new BowlineCommand(
            "watch",
            "Print events as they are published, until Ctrl-C, as JSON, one on a line; each is verified, and printed once.",
            "bowline event watch --kind 1 --relay wss://relay.example.org",
            "bowline event watch --author npub1... --since 1h      # the last hour's first")
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
            if (filter is { Since: null, Limit: null })
            {
                filter = filter with { Limit = 0 }; // Only what is new, unless something of the past was asked for.
            }

            return await EventReading.RunAsync(cli, parsed.GetValue(keyFile), async (pool, options) =>
            {
                await using var subscription = pool.Subscribe(addresses, [filter], options);
                await foreach (var item in subscription.ReadItemsAsync(cli.Cancelled))
                {
                    if (item.Event is { } value)
                    {
                        cli.Terminal.Data(value.ToString());
                    }
                    else
                    {
                        cli.Terminal.Say($"Watching {string.Join(", ", addresses)}.");
                    }
                }

                return ExitCode.Ok;
            });
        });
    }
}
