using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bowline.Cli.Infrastructure;
using Bowline.Node;
using Bowline.Node.Control;
using Bowline.Node.Services;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline expose</c>: reach a local HTTP service through the hub, for as long as the command runs.</summary>
internal static class ExposeCommand
{
    public static Command Create(CliContext cli)
    {
        var target = new Argument<Uri>("target")
        {
            Description = "The local address: http://127.0.0.1:3000, or just a port.",
            HelpName = "URL",
            CustomParser = result => ParseTarget(result.Tokens[0].Value, result.AddError),
        };
        var name = new Option<string>("--name") { Description = "The service's name: a-z, 0-9 and single dashes.", HelpName = "NAME", DefaultValueFactory = _ => "default" };
        var inspect = new Option<bool>("--inspect") { Description = "Print each exchange: method, path, status, time, bytes." };
        var keep = new Option<bool>("--keep") { Description = "Keep the service after this command ends, and over restarts of the node." };
        var remove = new Option<bool>("--remove") { Description = "Stop exposing the service of this --name, and return." };
        var replace = new Option<bool>("--replace") { Description = "Take the name from another bowline expose, which then ends." };
        var http2 = new Option<bool>("--http2")
        {
            Description = "The service speaks HTTP/2 (over http:// by prior knowledge). Needed when it answers a large request while it still reads it: over HTTP/1.1 such an exchange fails with 502 early_answer.",
        };
        var json = CliOptions.Json();
        target.Arity = ArgumentArity.ZeroOrOne;
        var command = new BowlineCommand(
            "expose",
            "Expose a local HTTP service (with WebSocket) under a name, until Ctrl-C.",
            "bowline expose http://127.0.0.1:3000 --name web",
            "bowline expose 3000 --name web --inspect",
            "bowline expose 3000 --name web --keep",
            "bowline expose 3001 --name web --replace",
            "bowline expose --remove --name web")
        {
            target,
            name,
            inspect,
            keep,
            remove,
            replace,
            http2,
            json,
        };
        name.Validators.Add(result =>
        {
            if (ServiceRules.CheckName(result.GetValueOrDefault<string>()) is { } wrong)
            {
                result.AddError(wrong);
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(target) is null && !result.GetValue(remove))
            {
                result.AddError("Which service? Give the address of a local one.");
            }
        });
        return command.Does(async parsed =>
        {
            using var control = new ControlClient(cli.Node);
            var service = parsed.GetRequiredValue(name);
            var exposed = false;
            try
            {
                if (parsed.GetValue(remove))
                {
                    await control.RemoveAsync(service, cli.Cancelled);
                    cli.Terminal.Say($"'{service}' is not exposed any more.");
                    return ExitCode.Ok;
                }

                var request = new ExposeRequest(service, parsed.GetValue(target)!.ToString(), parsed.GetValue(keep), parsed.GetValue(inspect), parsed.GetValue(http2), parsed.GetValue(replace), Environment.ProcessId);
                await foreach (var line in control.ExposeAsync(request, cli.Cancelled))
                {
                    exposed = true;
                    Show(cli.Terminal, line, parsed.GetValue(json), request.Keep);
                }

                throw new NodeException(NodeError.NotRunning, "The node ended.");
            }
            catch (NodeException failure)
            {
                var what = exposed ? $"'{service}' is not exposed any more." : parsed.GetValue(remove) ? $"'{service}' was not removed." : $"'{service}' could not be exposed.";
                throw failure.Error == NodeError.ServiceConflict && !exposed && parsed.GetValue(target) is { } wanted
                    ? new CliException(ExitCode.Failed, what, failure.Message, $"bowline expose {wanted} --name {service} --replace   (bowline status lists what is exposed)", failure)
                    : Faults.Of(failure, what);
            }
        });
    }

    private static void Show(Terminal terminal, ExposeLine line, bool json, bool keep)
    {
        if (json)
        {
            terminal.Data(JsonSerializer.Serialize(line, CliJson.Default.ExposeLine));
        }
        else if (line.Exchange is { } exchange)
        {
            if (line.Skipped is { } skipped)
            {
                terminal.Say($"({skipped} exchanges came faster than they could be shown)");
            }

            terminal.Data(string.Create(
                CultureInfo.InvariantCulture,
                $"{exchange.At.ToLocalTime():HH:mm:ss} {(exchange.Status == 0 ? "---" : exchange.Status.ToString(CultureInfo.InvariantCulture))} {exchange.Method} {exchange.Path} {exchange.DurationMs:0.0} ms, {exchange.RequestBytes} B in, {exchange.ResponseBytes} B out, {exchange.Caller}{(exchange.Error is null ? string.Empty : $", failed: {exchange.Error}")}"));
        }
        else if (line.Service is { } service)
        {
            terminal.Say($"'{service.Name}' on node '{line.Node}' forwards to {service.Target}. Open it from the console at {line.Hub}");
            terminal.Say($"  scripts: curl -H \"Authorization: Bearer $TOKEN\" {line.Hub}t/{line.Node}/{service.Name}/");
            terminal.Say(keep ? "  kept until: bowline expose --remove --name " + service.Name : "  Ctrl-C stops exposing it.");
        }
    }

    private static Uri? ParseTarget(string text, Action<string> error)
    {
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
        {
            return new Uri($"http://127.0.0.1:{port}/");
        }

        var uri = CliOptions.ParseHttp(text, error);
        if (uri is not null && ServiceRules.CheckTarget(uri) is { } wrong)
        {
            error(wrong);
        }

        return uri;
    }
}
