using Bowline.Cli.Infrastructure;
using Bowline.Node;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Cli.Hosting;

/// <summary>A host with a node in it.</summary>
internal static class NodeHost
{
    public static IHost Create(CliContext cli, NodeOptions options, LogLevel level)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCliLogging(cli, level);
        builder.Services.AddSingleton<IHostLifetime, PassiveLifetime>();
        builder.Services.AddSingleton(cli.Time);
        builder.Services.AddBowlineNode(options);
        return builder.Build();
    }
}
