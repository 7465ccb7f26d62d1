using Bowline.Cli.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Cli.Tests;

public sealed class LiveLogsTests
{
    [Fact]
    public void An_entry_above_a_live_view_is_one_line_and_not_longer_than_a_person_reads()
    {
        var line = LiveLogs.Line(new DateTime(2026, 1, 1, 9, 8, 7), LogLevel.Warning, "EmbeddedNats", "ended.\nIts last lines: " + new string('x', 2000));
        Assert.StartsWith("09:08:07 warning: EmbeddedNats: ended. Its last lines: xxx", line, StringComparison.Ordinal);
        Assert.EndsWith("x...", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 300, 350);
    }
}
