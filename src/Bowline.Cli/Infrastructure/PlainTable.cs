using Spectre.Console;

namespace Bowline.Cli.Infrastructure;

/// <summary>Rows under headings: boxed for a person, aligned by spaces for a pipe.</summary>
internal sealed class PlainTable(params string[] headings)
{
    /// <summary>The heading of the one column that may be long.</summary>
    public const string List = "SERVICES";

    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void WriteTo(Terminal terminal)
    {
        if (terminal.OutputIsTerminal)
        {
            terminal.Rich.Write(Rich());
            return;
        }

        foreach (var line in Lines())
        {
            terminal.Data(line);
        }
    }

    /// <summary>The table for a terminal.</summary>
    public Table Rich()
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in headings)
        {
            // On a narrow screen only the list gives way; the rest would become unreadable, the name first of all.
            table.AddColumn(new TableColumn(Markup.Escape(heading)) { NoWrap = heading != List });
        }

        foreach (var row in _rows)
        {
            table.AddRow(row.Select((cell, i) => Cell(headings[i] == List ? cell.Replace(",", ", ", StringComparison.Ordinal) : cell)).ToArray());
        }

        return table;
    }

    public IEnumerable<string> Lines()
    {
        var widths = headings.Select((heading, i) => _rows.Select(row => row[i].Length).Append(heading.Length).Max()).ToArray();
        return _rows.Prepend(headings).Select(row => string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }

    private static Markup Cell(string text) => text switch
    {
        "online" => new Markup("[green]online[/]"),
        "offline" or "revoked" => new Markup($"[red]{text}[/]"),
        "unknown" or "reconnecting" or "connecting" => new Markup($"[yellow]{text}[/]"),
        _ => new Markup(Markup.Escape(text)),
    };
}
