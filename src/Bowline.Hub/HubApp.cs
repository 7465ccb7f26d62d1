using Bowline.Core.Health;
using Bowline.Hub.Accounts;
using Bowline.Hub.Hosting;
using Bowline.Hub.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bowline.Hub;

/// <summary>A whole hub in this process: what <c>bowline hub</c> and <c>bowline up</c> run.</summary>
public sealed class HubApp : IAsyncDisposable
{
    private readonly HubOptions _options;
    private readonly WebApplication _app;
    private readonly DataFolderLock _lock;

    private HubApp(HubOptions options, WebApplication app, DataFolderLock folder)
    {
        _options = options;
        _app = app;
        _lock = folder;
    }

    /// <summary>The console's and API's address on this machine, once started.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>The address of exposed content on this machine, once started.</summary>
    public Uri ContentUrl { get; private set; } = new("http://127.0.0.1");

    /// <summary>The address people use: <see cref="HubOptions.PublicUrl"/> or <see cref="Url"/>.</summary>
    public Uri PublicUrl => _options.PublicUrl ?? Url;

    /// <summary>The address of the hub's relay for clients, or null when it has none.</summary>
    public Uri? RelayUrl => _options.Relay
        ? new UriBuilder(PublicUrl) { Scheme = PublicUrl.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = Relays.HubRelay.Path }.Uri
        : null;

    /// <summary>The file with the API token of this machine's CLI (0600).</summary>
    public string TokenFile => _app.Services.GetRequiredService<LocalOperator>().TokenFile;

    /// <summary>What is wrong or worth knowing now, the gravest first.</summary>
    public IReadOnlyList<HealthWarning> Warnings => _app.Services.GetRequiredService<HealthTracker>().Visible;

    /// <summary>The hub's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Builds a hub; nothing listens yet.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="time">The clock; the system's unless given.</param>
    /// <param name="configure">More services or logging.</param>
    /// <exception cref="HubException">The options, the data folder or the certificate cannot be used.</exception>
    public static HubApp Create(HubOptions options, TimeProvider? time = null, Action<WebApplicationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var folder = DataFolderLock.Take(options.DataFolder);
        try
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(k => KestrelSetup.Configure(k, options));
            builder.Services.AddBowlineHub(options);
            if (time is not null)
            {
                builder.Services.Replace(ServiceDescriptor.Singleton(time));
            }

            configure?.Invoke(builder);
            return new HubApp(options, builder.Build().MapBowlineHub(), folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Opens the store, starts NATS and listens.</summary>
    /// <exception cref="HubException">The hub cannot start; the message says why and what to do.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _ = _app.Services.GetRequiredService<HubIdentity>();
        _app.Services.GetRequiredService<LocalOperator>().EnsureToken();
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new HubException(HubError.PortTaken, $"Something else listens on {_options.Listen} or on port {_options.ContentPort}. Another hub? Stop it, or choose other ports with --listen and --content-port.", e);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new HubException(HubError.AddressUnusable, $"The hub cannot listen on {_options.Listen}: {e.Message}. Choose another address with --listen.", e);
        }

        var urls = _app.Urls.Select(u => new Uri(u)).ToArray();
        Url = urls[0];
        ContentUrl = urls[1];
    }

    /// <summary>A fresh one-time login link for the administrator.</summary>
    public Uri NewLoginLink() => new(PublicUrl, "/login#" + _app.Services.GetRequiredService<LocalOperator>().NewLoginToken());

    /// <summary>Stops listening, closes the links and stops NATS.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _lock.Dispose();
    }
}
