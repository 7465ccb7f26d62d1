using System.Text;
using Bowline.Core.Files;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bowline.Node.Control;

/// <summary>The control API: HTTP over a unix socket that only this node's owner can open.</summary>
internal sealed class ControlServer(NodeFolder folder, INodeControl node, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    // sun_path of macOS, the shortest of the platforms.
    private const int LongestSocketPath = 103;

    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(folder.ControlSocket) > LongestSocketPath)
        {
            throw new NodeException(NodeError.FolderUnusable, $"{folder.ControlSocket} is too long for a unix socket ({LongestSocketPath} bytes at most). Choose a shorter BOWLINE_HOME.");
        }

        // The lock of the folder is held, so a socket that is there was left by a process that is gone.
        File.Delete(folder.ControlSocket);
        SecretFile.CreateFolder(folder.Root);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        ControlEndpoints.Map(app, node, time);
        await app.StartAsync(cancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.ControlSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        _app = app;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await app.StopAsync(now.Token);
            await app.DisposeAsync();
            File.Delete(folder.ControlSocket);
        }
    }

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = 64 * 1024; // Far above any control message.
        options.ListenUnixSocket(folder.ControlSocket, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => async connection =>
            {
                if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket && !PeerCredentials.IsOwner(socket))
                {
                    connection.Abort();
                    return;
                }

                await next(connection);
            });
        });
    }
}
