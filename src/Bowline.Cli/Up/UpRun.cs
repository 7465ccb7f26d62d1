using Bowline.Cli.Hosting;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;
using Bowline.Core.Files;
using Bowline.Hub;
using Bowline.Node;
using Bowline.Node.Enrolment;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Cli.Up;

/// <summary>Hub, node and demo in one process: what is started is stopped, in the reverse order.</summary>
internal sealed class UpRun : IAsyncDisposable
{
    private readonly CliContext _cli;
    private readonly IHost _node;

    private UpRun(CliContext cli, HubApp hub, IHost node, HubAddress address)
    {
        _cli = cli;
        Hub = hub;
        _node = node;
        Address = address;
    }

    public HubApp Hub { get; }

    /// <summary>How this process, and other commands on this machine, reach the hub.</summary>
    public HubAddress Address { get; }

    public static async Task<UpRun> StartAsync(CliContext cli, HubOptions options, bool demo, LogLevel level)
    {
        RefuseForeignHub(cli, options);
        var hub = await HubRunner.StartAsync(cli, options, level);
        IHost? node = null;
        try
        {
            var token = SecretFile.TryReadText(hub.TokenFile, out var text) ? text.Trim() : null;
            var address = new HubAddress(hub.Url, token);
            await JoinAsync(cli, address);
            node = NodeHost.Create(cli, new NodeOptions { Folder = cli.Node, Demo = demo }, level);
            await node.StartAsync(cli.Cancelled);
            return new UpRun(cli, hub, node, address);
        }
        catch (Exception failure)
        {
            node?.Dispose();
            await HubRunner.StopAsync(hub, cli);
            if (failure is NodeException refused)
            {
                throw Faults.Of(refused, "The node could not start.");
            }

            throw;
        }
    }

    /// <summary>Ends when the hub or the node was told to stop by somebody else.</summary>
    public Task EndedAsync() => Task.WhenAny(Foreground.StopAskedAsync(Hub.Services), Foreground.StopAskedAsync(_node.Services));

    public async ValueTask DisposeAsync()
    {
        await Foreground.StopAsync(_node, _cli);
        if (_node is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        await HubRunner.StopAsync(Hub, _cli);
    }

    /// <summary>A node that belongs to another machine's hub is not taken away from it.</summary>
    private static void RefuseForeignHub(CliContext cli, HubOptions options)
    {
        if (HubRecordFile.Read(cli.Node) is { } joined && !joined.Url.IsLoopback && joined.Url != options.PublicUrl)
        {
            throw new CliException(
                ExitCode.Failed,
                "This machine's node belongs to another hub.",
                $"It has joined {joined.HubName} ({joined.Url}) as '{joined.Name}'.",
                "bowline node run   (to serve that link), or: bowline node leave");
        }
    }

    /// <summary>Enrols the node with a code of the hub's own, unless the hub knows it already.</summary>
    private static async Task JoinAsync(CliContext cli, HubAddress address)
    {
        using var http = new HttpClient();
        var enroller = new Enroller(cli.Node, http, cli.Time);
        if (await enroller.IsEnrolledAsync(address.Url, cli.Cancelled))
        {
            return;
        }

        using var client = new HubClient(address);
        var invite = await client.InviteAsync(cli.Cancelled);
        await enroller.JoinAsync(address.Url, invite.Code, Environment.MachineName, cli.Cancelled);
    }
}
