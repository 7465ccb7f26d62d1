using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.Infrastructure;
using Bowline.Cli.Events;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline event</c>: Nostr events.</summary>
internal static class EventCommand
{
    public static Command Create(CliContext cli) => new("event", "Verify Nostr events.")
    {
        Verify(cli),
    };

    private static BowlineCommand Verify(CliContext cli)
    {
        var file = new Argument<string?>("file") { Arity = ArgumentArity.ZeroOrOne, Description = "Events as JSON, one on a line. Default: stdin.", HelpName = "FILE" };
        var json = CliOptions.Json();
        var command = new BowlineCommand("verify", "Check ids and signatures of events.", "bowline event verify events.jsonl", "bowline event verify --json < events.jsonl")
        {
            file,
            json,
        };
        return command.Does(parsed =>
        {
            using var opened = parsed.GetValue(file) is { } path ? Open(path) : null;
            var (all, bad) = (0, 0);
            foreach (var (verdict, _) in EventLines.Read(opened ?? cli.Terminal.In))
            {
                cli.Cancelled.ThrowIfCancellationRequested();
                all++;
                bad += verdict.Valid ? 0 : 1;
                cli.Terminal.Data(parsed.GetValue(json)
                    ? JsonSerializer.Serialize(verdict, CliJson.Default.EventVerdict)
                    : $"{(verdict.Valid ? "valid" : "invalid")} {verdict.Id ?? $"line {verdict.Line}"}{(verdict.Problem is { } problem ? $": {problem}" : "")}");
            }

            cli.Terminal.Say($"{all - bad} valid, {bad} invalid");
            return Task.FromResult(all > 0 && bad == 0 ? ExitCode.Ok : ExitCode.Failed);
        });
    }

    private static StreamReader Open(string path) => File.Exists(path)
        ? File.OpenText(path)
        : throw new CliException(ExitCode.Failed, "The events cannot be read.", $"{path} does not exist.", "bowline event verify --help");
}
