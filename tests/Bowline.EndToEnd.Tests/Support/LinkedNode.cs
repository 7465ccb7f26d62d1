using System.Diagnostics;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>A hub, a node that is online there, and a watch of its presence: where most tests begin.</summary>
internal sealed class LinkedNode : IAsyncDisposable
{
    /// <summary>Generous: for waits that measure nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public const string Name = "desk";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private LinkedNode(HubProcess hub, NodeProcess node, PresenceWatch watch)
    {
        Hub = hub;
        Node = node;
        Watch = watch;
    }

    public HubProcess Hub { get; }

    public NodeProcess Node { get; }

    public PresenceWatch Watch { get; }

    public HttpClient Http => Hub.Http;

    public static async Task<LinkedNode> StartAsync(CancellationToken cancellationToken, bool proxied = false, params string[] hubOptions)
    {
        var hub = await HubProcess.StartAsync(cancellationToken, proxied, hubOptions);
        NodeProcess? node = null;
        PresenceWatch? watch = null;
        try
        {
            node = await NodeProcess.StartAsync(hub, Name, cancellationToken);
            watch = PresenceWatch.Of(hub, Name);
            await watch.WaitAsync("online", Patience, cancellationToken);
            var linked = new LinkedNode(hub, node, watch);
            await linked.ServesAsync(Patience, cancellationToken);
            return linked;
        }
        catch
        {
            await (watch?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (node?.DisposeAsync() ?? ValueTask.CompletedTask);
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the demo service until it answers; returns the timestamp of the answer.</summary>
    public async Task<long> ServesAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Poll);
        while (true)
        {
            using var response = await Http.GetAsync($"t/{Name}/demo/api/hello", cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return Stopwatch.GetTimestamp();
            }

            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            Assert.True(Stopwatch.GetElapsedTime(start) < limit, $"The node does not serve after {limit}: {(int)response.StatusCode} {answer}\nnode:\n{Node.Process.Output}\nhub:\n{Hub.Process.Output}");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Runs the daemon again and waits until it is online and serves.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken, params string[] options)
    {
        await Node.RunAsync(options);
        await Watch.WaitAsync("online", Patience, cancellationToken);
        await ServesAsync(Patience, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync();
        await Node.DisposeAsync();
        await Hub.DisposeAsync();
    }
}
