using Bowline.Hub.Console.Links;
using Bowline.Hub.Console.Rendering;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bowline.Hub.Console;

/// <summary>The console: its pages, what they post, and what keeps them live.</summary>
internal static class ConsoleRoutes
{
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<FragmentRenderer>();
        return services;
    }

    public static void MapConsole(this IEndpointRouteBuilder app)
    {
        app.MapConsoleAssets();
        app.MapConsoleLogin();
        app.MapLinkPages();
        app.MapLinkEventStream();
    }
}
