using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.Events;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline event verify</c>: ids and signatures of events.</summary>
internal static class EventVerifyCommand
{
    public static Command Create(CliContext cli)
    {
        var file = new Argument<string?>("file") { Arity = ArgumentArity.ZeroOrOne, Description = "Events as JSON, one on a line. Default: stdin.", HelpName = "FILE" };
        var json = CliOptions.Json();
        var command = new BowlineCommand("verify", "Check ids and signatures of events.", "bowline event verify events.jsonl", "bowline event query --relay wss://relay.example.org --limit 10 | bowline event verify")
        {
            file,
            json,
        };
        return command.Does(async parsed =>
        {
            var (all, bad) = (0, 0);
            var lines = parsed.GetValue(file) is { } path ? EventLines.ReadAsync(path, cli.Cancelled) : EventLines.ReadAsync(cli.Terminal.ReadLineAsync, cli.Cancelled);
            await foreach (var (verdict, _) in lines)
            {
                all++;
                bad += verdict.Valid ? 0 : 1;
                cli.Terminal.Data(parsed.GetValue(json)
                    ? JsonSerializer.Serialize(verdict, CliJson.Default.EventVerdict)
                    : $"{(verdict.Valid ? "valid" : "invalid")} {verdict.Id ?? $"line {verdict.Line}"}{(verdict.Problem is { } problem ? $": {problem}" : "")}");
            }

            cli.Terminal.Say($"{all - bad} valid, {bad} invalid");
            return all > 0 && bad == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
    }
}
