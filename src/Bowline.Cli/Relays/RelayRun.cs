using System.CommandLine;
using System.Net.Sockets;
using Bowline.Cli.Hosting;
using Bowline.Cli.Infrastructure;
using Bowline.Nostr;
using Bowline.Relay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Cli.Relays;

/// <summary>A relay in this process, and nothing else on its port.</summary>
internal sealed class RelayRun : IAsyncDisposable
{
    private const string What = "The relay could not start.";

    // Longer than the relay gives its connections to end.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(7);

    private readonly CliContext _cli;
    private readonly WebApplication _app;
    private readonly IEventStore _store;

    private RelayRun(CliContext cli, WebApplication app, IEventStore store, RelayMessage message)
    {
        _cli = cli;
        _app = app;
        _store = store;
        Message = message;
    }

    public RelayMessage Message { get; }

    /// <exception cref="CliException">It cannot start.</exception>
    public static async Task<RelayRun> StartAsync(CliContext cli, RelaySettings settings, ParseResult parsed, LogLevel level)
    {
        var options = new RelayOptions();
        settings.Configure(parsed, cli, options);
        var address = settings.Store(parsed, cli);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddCliLogging(cli, level);
        builder.Services.AddSingleton<IHostLifetime, PassiveLifetime>();
        builder.Services.AddSingleton(cli.Time);
        var listen = settings.Listen(parsed);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen);
        });
        IEventStore? store = null;
        using (var loggers = LoggerFactory.Create(logging => logging.Services.AddCliLogging(cli, level)))
        {
            store = await address.OpenAsync(cli, loggers, settings.Search(parsed));
        }

        builder.Services.AddSingleton(store);
        builder.Services.AddBowlineRelay(relay => settings.Configure(parsed, cli, relay));
        var app = builder.Build();
        try
        {
            var server = app.Services.GetRequiredService<RelayServer>();
            app.MapBowlineRelay("/");
            await app.StartAsync(cli.Cancelled);
            var url = new Uri(app.Urls.First());
            return new(cli, app, store, new(
                options.PublicUrls.FirstOrDefault() ?? new UriBuilder(url) { Scheme = "ws" }.Uri,
                url,
                new PublicKeyIdentifier(server.PublicKey).ToString(),
                address.ToString()));
        }
        catch (Exception failure)
        {
            await app.DisposeAsync();
            await store.DisposeAsync();
            if (failure is IOException { InnerException: AddressInUseException })
            {
                throw new CliException(ExitCode.Failed, What, $"Something else listens on {listen}.", $"bowline relay --listen {listen.Address}:{listen.Port + 100}   (or stop what listens there)", failure);
            }

            throw failure is SocketException ? new CliException(ExitCode.Failed, What, $"It cannot listen on {listen}: {failure.Message}", "bowline relay --listen 127.0.0.1:7777", failure) : failure;
        }
    }

    /// <summary>Ends when the relay was told to stop by somebody else.</summary>
    public Task EndedAsync() => Foreground.StopAskedAsync(_app.Services);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit, _cli.Time);
        try
        {
            await _app.StopAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _cli.Terminal.Say("Something of the relay did not stop in time and was cut.");
        }

        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }
}
