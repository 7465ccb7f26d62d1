using Bowline.Cli.Infrastructure;
using Bowline.Hub;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Cli.Hosting;

/// <summary>A hub in this process.</summary>
internal static class HubRunner
{
    // Stopping closes links and nats-server; what takes longer is cut.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    /// <summary>Starts a hub, or says in the CLI's words why it cannot.</summary>
    /// <exception cref="CliException">The hub cannot start.</exception>
    public static async Task<HubApp> StartAsync(CliContext cli, HubOptions options, LogLevel level)
    {
        HubApp? hub = null;
        try
        {
            hub = HubApp.Create(options, cli.Time, builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddCliLogging(cli.Terminal, level);
                builder.Services.AddSingleton<IHostLifetime, PassiveLifetime>();
            });
            await hub.StartAsync(cli.Cancelled);
            return hub;
        }
        catch (Exception failure)
        {
            if (hub is not null)
            {
                await StopAsync(hub, cli);
            }

            if (failure is HubException refused)
            {
                throw Explain(refused, options);
            }

            throw;
        }
    }

    /// <summary>Stops the hub, no longer than a person waits.</summary>
    public static async Task StopAsync(HubApp hub, CliContext cli)
    {
        using var limit = new CancellationTokenSource(StopLimit, cli.Time);
        try
        {
            await hub.StopAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            cli.Terminal.Say("Something of the hub did not stop in time and was cut.");
        }

        await hub.DisposeAsync();
    }

    private static CliException Explain(HubException failure, HubOptions options)
    {
        const string What = "The hub could not start.";
        var next = failure.Error switch
        {
            HubError.PortTaken => $"bowline up --listen {options.Listen.Address}:{options.Listen.Port + 100}   (or stop what listens there; bowline doctor says whether it is a hub)",
            HubError.AddressUnusable => "bowline hub --listen 127.0.0.1:7700   (0.0.0.0 is every address of this machine; ports below 1024 need a privilege)",
            HubError.DataFolderLocked => "bowline status   (a hub runs on this folder already)",
            HubError.NatsServerMissing => "apt-get install nats-server   (or: bowline hub --nats-server FILE, or --nats for an existing cluster)",
            HubError.NatsServerTooOld => "install nats-server 2.9.10 or later, and name it with --nats-server FILE",
            HubError.OptionsInvalid or HubError.CertificateUnreadable => "bowline hub --help",
            _ => "bowline doctor",
        };
        var code = failure.Error switch
        {
            HubError.OptionsInvalid => ExitCode.Usage,
            HubError.NatsUnreachable => ExitCode.Unreachable,
            _ => ExitCode.Failed,
        };
        return new CliException(code, What, failure.Message, next, failure);
    }
}
