using Bowline.EndToEnd.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Commands;

/// <summary>Two <c>bowline expose</c> that want one name.</summary>
public sealed class ExposeNameTests(RunningLink running) : IClassFixture<RunningLink>
{
    private const string Name = "web";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LinkedNode Link => running.Link;

    [Fact]
    public async Task The_second_is_refused_naming_the_first_and_the_first_goes_on()
    {
        await using var service = await DataService.StartAsync(Token);
        await using var first = await ExposeAsync(service);
        var second = await BowlineProgram.RunAsync(Link.Node.Home, null, "expose", service.Url.ToString(), "--name", Name);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"'{Name}' is exposed already by another bowline expose (process ", second.Output, StringComparison.Ordinal);
        Assert.Contains($"next: bowline expose {service.Url} --name {Name} --replace", second.Output, StringComparison.Ordinal);
        Assert.StartsWith("hello", await AskAsync(), StringComparison.Ordinal);
        first.SignalGroup(Signals.Interrupt);
        Assert.Equal(130, await first.WaitForExitAsync(LinkedNode.Patience, Token));
    }

    [Fact]
    public async Task With_replace_the_first_ends_with_a_word_and_the_second_serves()
    {
        await using var service = await DataService.StartAsync(Token);
        await using var other = await DataService.StartAsync(Token);
        await using var first = await ExposeAsync(service);
        await using var second = await ExposeAsync(other, "--replace", "--inspect");
        Assert.Equal(1, await first.WaitForExitAsync(LinkedNode.Patience, Token));
        Assert.Contains($"error: '{Name}' is not exposed any more.", first.Output, StringComparison.Ordinal);
        Assert.Contains("was taken by another bowline expose (process ", first.Output, StringComparison.Ordinal);
        Assert.StartsWith("hello", await AskAsync(), StringComparison.Ordinal);
        await second.WaitForLineAsync(line => line.Contains("200 GET /hello", StringComparison.Ordinal), LinkedNode.Patience, Token);
        second.SignalGroup(Signals.Interrupt);
        Assert.Equal(130, await second.WaitForExitAsync(LinkedNode.Patience, Token));
    }

    [Fact]
    public async Task A_killed_first_leaves_the_name_free()
    {
        await using var service = await DataService.StartAsync(Token);
        await using (var first = await ExposeAsync(service))
        {
            first.SignalGroup(Signals.Kill);
            _ = await first.WaitForExitAsync(LinkedNode.Patience, Token);
        }

        // The node sees the end of the socket as soon as it looks; until then the name may still be taken.
        var asked = TimeProvider.System.GetTimestamp();
        var status = await BowlineProgram.RunAsync(Link.Node.Home, null, "status", "--json");
        while (status.Data.Contains(service.Url.ToString(), StringComparison.Ordinal))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(asked) < LinkedNode.Patience, status.Data);
            status = await BowlineProgram.RunAsync(Link.Node.Home, null, "status", "--json");
        }

        await using var second = await ExposeAsync(service);
        Assert.StartsWith("hello", await AskAsync(), StringComparison.Ordinal);
    }

    private Task<string> AskAsync() => Link.Http.GetStringAsync($"t/{LinkedNode.Name}/{Name}/hello", Token);

    private async Task<TestProcess> ExposeAsync(DataService service, params string[] options)
    {
        var command = BowlineProgram.StartInOwnGroup(Link.Node.Home, ["expose", service.Url.ToString(), "--name", Name, .. options]);
        await command.WaitForLineAsync(line => line.Contains("forwards to", StringComparison.Ordinal), LinkedNode.Patience, Token);
        return command;
    }
}
