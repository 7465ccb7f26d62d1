using Bowline.Cli.Commands;
using Bowline.Cli.Infrastructure;
using Bowline.Core.Health;
using Bowline.Node.Control;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Bowline.Cli.Status;

/// <summary>Status for people.</summary>
internal static class StatusView
{
    public static void Write(Terminal terminal, StatusMessage report, DateTimeOffset now)
    {
        if (terminal.OutputIsTerminal)
        {
            terminal.Rich.Write(Rich(report, now));
            return;
        }

        foreach (var line in Lines(report, now))
        {
            terminal.Data(line);
        }
    }

    /// <summary>Plain lines. Without a time, nothing that grows older is shown.</summary>
    public static IEnumerable<string> Lines(StatusMessage report, DateTimeOffset? now)
    {
        foreach (var line in Facts(report, now))
        {
            yield return line;
        }

        if (report.Links is { Count: > 0 } links)
        {
            foreach (var line in LinksCommand.Table(links, now ?? default).Lines())
            {
                yield return "  " + line;
            }
        }

        foreach (var line in Warnings(report))
        {
            yield return line;
        }
    }

    /// <summary>The same for a terminal.</summary>
    public static IRenderable Rich(StatusMessage report, DateTimeOffset now)
    {
        var parts = new List<IRenderable>(Facts(report, now).Select(line => new Text(line)));
        if (report.Links is { Count: > 0 } links)
        {
            parts.Add(LinksCommand.Table(links, now).Rich());
        }

        parts.AddRange(Warnings(report).Select(line => new Text(line, new Style(Color.Yellow))));
        return new Rows(parts);
    }

    private static IEnumerable<string> Facts(StatusMessage report, DateTimeOffset? now)
    {
        yield return report.Node is { } node ? NodeLine(node, now) : "node      not running on this machine";
        foreach (var service in report.Node?.Services ?? [])
        {
            yield return $"service   {service.Name} -> {service.Target?.ToString() ?? "built in"}{(service.Kept ? " (kept)" : string.Empty)}";
        }

        yield return report.Hub.Reachable ? $"hub       {report.Hub.Url}: {report.Hub.Health ?? report.Hub.Error}" : $"hub       {report.Hub.Url}: not reachable. {report.Hub.Error}";
    }

    private static string NodeLine(NodeStatus node, DateTimeOffset? now)
    {
        var since = now is { } time ? $" for {Ago.Text(time - node.Link.Since)}" : string.Empty;
        return $"node      {node.Hub.NodeName} ({node.DeviceId[..8]}...): {node.Link.State}{since}, hub {node.Hub.Url}";
    }

    private static IEnumerable<string> Warnings(StatusMessage report)
    {
        foreach (var warning in report.Node?.Health ?? [])
        {
            yield return $"{Word(warning.Severity),-7}   {warning.Title}: {warning.Text}{Next(warning.Command)}";
        }

        foreach (var warning in report.Hub.Warnings ?? [])
        {
            yield return $"{Word(warning.Severity),-7}   hub: {warning.Title}: {warning.Text}{Next(warning.Command)}";
        }
    }

    /// <summary>How loud a warning is said.</summary>
    internal static string Word(HealthSeverity severity) => severity switch
    {
        HealthSeverity.Error => "ERROR",
        HealthSeverity.Info => "note",
        _ => "warning",
    };

    private static string Next(string? command) => command is null ? string.Empty : $"  next: {command}";
}
