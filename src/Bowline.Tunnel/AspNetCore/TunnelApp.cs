using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bowline.Tunnel;

/// <summary>The in-process form: an app as a handler, for a <see cref="TunnelServer"/> that somebody else owns.</summary>
public static class TunnelApp
{
    /// <summary>
    /// The handler of an app whose builder was told <c>builder.WebHost.UseBowlineTunnel()</c>. It may be mapped before the app starts
    /// (it answers 503 until then); whoever owns the app starts and stops it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The app is served by another server.</exception>
    public static ITunnelHandler Create(IHost app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Services.GetService<IServer>() as ITunnelHandler
            ?? throw new InvalidOperationException("The app is served by another server: call builder.WebHost.UseBowlineTunnel() before building it.");
    }
}
