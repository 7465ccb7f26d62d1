using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>A real <c>bowline node run</c> that has joined a hub.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly HomeFolder _home = new();
    private TestProcess? _process;

    private NodeProcess(string name) => Name = name;

    /// <summary>Its name at the hub.</summary>
    public string Name { get; }

    public string Home => _home.Path;

    public TestProcess Process => _process ?? throw new InvalidOperationException("The node is not running.");

    /// <summary>Joins with a code of the hub and runs with the demo service; the caller waits for its presence.</summary>
    public static async Task<NodeProcess> StartAsync(HubProcess hub, string name, CancellationToken cancellationToken) =>
        await StartWithCodeAsync(hub, name, await hub.InviteAsync(cancellationToken), cancellationToken);

    /// <summary>The same with a code that was made elsewhere.</summary>
    public static async Task<NodeProcess> StartWithCodeAsync(HubProcess hub, string name, string invitation, CancellationToken cancellationToken)
    {
        var node = new NodeProcess(name);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var joined = await BowlineProgram.RunAsync(node.Home, invitation, "node", "join", hub.NodeUrl.ToString(), "--name", name, "--code-file", "-");
            Assert.True(joined.ExitCode == 0, joined.Output);
            await node.RunAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the daemon (again).</summary>
    public async Task RunAsync(params string[] options)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = BowlineProgram.Start(Home, ["node", "run", "--demo", .. options]);
    }

    /// <summary>Freezes it; returns when every thread has stopped.</summary>
    public void Freeze()
    {
        Process.Signal(Signals.Stop);
        Assert.True(SpinWait.SpinUntil(() => Signals.HasStopped(Process.Id), TimeSpan.FromSeconds(5)), "The node did not freeze.");
    }

    public void Thaw() => Process.Signal(Signals.Continue);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _home.Dispose();
    }
}
