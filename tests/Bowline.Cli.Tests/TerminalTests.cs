using System.Text.RegularExpressions;
using Bowline.Cli.Tests.Support;

namespace Bowline.Cli.Tests;

/// <summary>What a person sees at a terminal, and what is left of it afterwards.</summary>
public sealed class TerminalTests(UpProcess up) : IClassFixture<UpProcess>
{
    private const string ShowCursor = "\u001b[?25h";
    private const string HideCursor = "\u001b[?25l";
    private const string KeypadOn = "\u001b[?1h";
    private const string KeypadOff = "\u001b[?1l";
    private static readonly Dictionary<string, string?> Plain = new(StringComparer.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ctrl_c_ends_a_watch_and_leaves_the_last_view_and_the_terminal_whole(bool noColor)
    {
        await using var pty = Pty.Start(up.Home, noColor ? new(StringComparer.Ordinal) { ["NO_COLOR"] = "1" } : Plain, "status", "--watch", "--hub", up.Hub);
        await pty.SeesAsync("online");
        await pty.SeesAsync("╰");
        await pty.CtrlCAsync();
        Assert.Equal(130, await pty.ExitCodeAsync());
        IsSane(pty);
        Assert.Equal(!noColor, Colour(pty));
        var last = pty.Lines.Skip(pty.Lines.ToList().FindLastIndex(line => line.Contains("node      ", StringComparison.Ordinal))).Select(Pty.Visible).ToList();
        Assert.Contains(last, line => line.Contains("hub       ", StringComparison.Ordinal));
        Assert.Contains(last, line => line.StartsWith('│') && line.Contains("online", StringComparison.Ordinal));
        Assert.Contains(last, line => line.StartsWith('╰'));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ctrl_c_ends_up_and_leaves_the_last_view_and_the_terminal_whole(bool noColor)
    {
        using var home = new CliHome();
        var (port, content) = UpProcess.FreePorts();
        await using var pty = Pty.Start(home.Path, noColor ? new(StringComparer.Ordinal) { ["NO_COLOR"] = "1" } : Plain, "up", "--listen", $"127.0.0.1:{port}", "--content-port", $"{content}");
        await pty.SeesAsync("/login#");
        await pty.SeesAsync("╰");
        await pty.CtrlCAsync();
        Assert.Equal(130, await pty.ExitCodeAsync());
        IsSane(pty);
        Assert.Equal(!noColor, Colour(pty));
        var seen = pty.Lines.Select(Pty.Visible).ToList();
        Assert.StartsWith("╰", seen[seen.FindLastIndex(line => line.Contains("Stopping.", StringComparison.Ordinal)) - 1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_c_at_a_question_ends_the_command()
    {
        using var home = new CliHome();
        await using var pty = Pty.Start(home.Path, Plain, "node", "join", up.Hub);
        await pty.SeesAsync("This machine joins");
        await pty.CtrlCAsync();
        Assert.Equal(130, await pty.ExitCodeAsync());
        IsSane(pty);
    }

    [Theory]
    [InlineData("n", 1, "was not revoked")]
    [InlineData("", 1, "was not revoked")]
    [InlineData("y", 0, "is revoked, effective at once")]
    public async Task Revoking_asks_a_person_first(string answer, int exitCode, string said)
    {
        using var other = new CliHome();
        var name = await up.JoinAsync(other);
        await using var pty = Pty.Start(up.Home, Plain, "hub", "revoke", name, "--hub", up.Hub);
        await pty.AnswerAsync(answer);
        Assert.True(exitCode == await pty.ExitCodeAsync(), pty.Raw);
        Assert.Contains("[y/N]", pty.Raw, StringComparison.Ordinal);
        Assert.Contains(said, pty.Raw, StringComparison.Ordinal);
        Assert.Equal(exitCode != 0, (await up.RunAsync("links")).Out.Contains(name, StringComparison.Ordinal));
    }

    /// <summary>
    /// The cursor is shown, keys echo and are taken by line, and no line was wider than the screen; the terminal's own echo of Ctrl-C,
    /// which falls where it falls, left out.
    /// </summary>
    private static void IsSane(Pty pty)
    {
        Assert.True(pty.Raw.LastIndexOf(ShowCursor, StringComparison.Ordinal) >= pty.Raw.LastIndexOf(HideCursor, StringComparison.Ordinal), "The cursor is hidden.");
        Assert.True(pty.Raw.LastIndexOf(KeypadOff, StringComparison.Ordinal) >= pty.Raw.LastIndexOf(KeypadOn, StringComparison.Ordinal), "The arrow keys send other codes.");
        Assert.Matches(" icanon .* echo ", pty.Settings);
        Assert.All(pty.Lines.Where(line => !line.Contains("/login#", StringComparison.Ordinal)), line => Assert.All(line.Replace("^C", "", StringComparison.Ordinal).Split('\r'), part => Assert.True(Pty.Visible(part).Length <= Pty.Columns, part)));
    }

    private static bool Colour(Pty pty) => Regex.IsMatch(pty.Raw, "\u001b\\[[0-9;]+m", RegexOptions.None, TimeSpan.FromSeconds(1));
}
