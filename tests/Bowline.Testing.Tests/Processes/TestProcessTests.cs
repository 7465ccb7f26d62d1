using Bowline.Testing.Processes;

namespace Bowline.Testing.Tests.Processes;

public sealed class TestProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Lines_are_read_and_input_is_written()
    {
        await using var process = TestProcess.Start("cat", []);
        await process.WriteLineAsync("hello");
        Assert.Equal("hello", await process.WaitForLineAsync(line => line == "hello", Limit, TestContext.Current.CancellationToken));
        process.CloseInput();
        Assert.Equal(0, await process.WaitForExitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_process_that_ends_without_the_line_says_what_it_printed()
    {
        await using var process = TestProcess.Start("sh", ["-c", "echo only this; exit 3"]);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => process.WaitForLineAsync(_ => false, Limit, TestContext.Current.CancellationToken));
        Assert.Contains("only this", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, await process.WaitForExitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_process_can_be_killed_by_signal()
    {
        await using var process = TestProcess.Start("sleep", ["60"]);
        process.Signal(Signals.Kill);
        Assert.Equal(137, await process.WaitForExitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.True(process.HasExited);
    }
}
