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
            var (code, output) = await BowlineProgram.RunAsync(node.Home, invitation, "node", "join", hub.Url.ToString(), "--name", name, "--code-file", "-");
            Assert.True(code == 0, output);
            node.Run();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the daemon (again).</summary>
    public void Run() => _process = BowlineProgram.Start(Home, "node", "run", "--demo");

    /// <summary>Kills it as a power cut would.</summary>
    public async Task KillAsync()
    {
        Process.Signal(Signals.Kill);
        await Process.WaitForExitAsync(TimeSpan.FromSeconds(5));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _home.Dispose();
    }
}
