using Bowline.Core.Health;
using Bowline.Hub.Accounts;
using Bowline.Hub.Console;
using Bowline.Hub.Content;
using Bowline.Hub.Devices;
using Bowline.Hub.Health;
using Bowline.Hub.Hosting;
using Bowline.Hub.Links;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Presence;
using Bowline.Hub.Problems;
using Bowline.Hub.Relays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub;

/// <summary>The hub's pipeline and routes.</summary>
public static class HubEndpoints
{
    /// <summary>Puts the hub's guards in front of everything and maps its routes.</summary>
    public static WebApplication MapBowlineHub(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = app.Services.GetRequiredService<HubOptions>();
        var names = app.Services.GetRequiredService<HubNames>();
        UseTrustedProxies(app, options);
        app.UseExceptionHandler(errors => errors.Run(FailAsync));
        app.UseHostCheck(names);
        var content = app.Services.GetRequiredService<ContentApp>();
        app.MapWhen(content.Owns, branch => branch.Run(content.ServeAsync));
        app.UseHubRelay(options);
        app.UseSecurityHeaders();
        app.UseProblemPages();
        app.UseWebSockets();
        app.UseOriginCheck(names);
        app.UseRouting();

        // Before authorization, whose fallback would answer an unknown route with 401.
        app.Use((context, next) => context.GetEndpoint() is null ? HubProblem.WriteAsync(context, HubProblemCode.NotFound) : next(context));
        app.UseAuthentication();
        HubLimits.UseRequestLimit(app, app.Services.GetRequiredService<HubLimits>());
        app.UseAuthorization();
        MapRoutes(app);
        return app;
    }

    private static void MapRoutes(WebApplication app)
    {
        app.MapGet("/healthz", Health).AllowAnonymous();
        app.MapConsole();
        app.MapAccounts();
        app.MapEnrolment();
        app.MapLinkSessions();
        app.MapPresence();
        app.MapContent();
    }

    private static IResult Health(HttpContext context, HealthTracker health, INatsBackend nats)
    {
        var warnings = health.Visible;

        // What is only worth knowing takes nothing away.
        var degraded = warnings.Any(warning => warning.Severity != HealthSeverity.Info);
        var status = nats.Url is null ? "failing" : degraded ? "degraded" : "ok";
        var signedIn = HubPrincipal.TryOf(context.User)?.Account is not null;
        return Results.Json(
            new HealthReport(status, signedIn ? warnings : null),
            HubJson.Default.HealthReport,
            statusCode: nats.Url is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static void UseTrustedProxies(WebApplication app, HubOptions options)
    {
        if (options.TrustedProxies.Count == 0)
        {
            return;
        }

        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies)
        {
            forwarded.KnownProxies.Add(proxy);
        }

        app.UseForwardedHeaders(forwarded);
    }

    private static Task FailAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (error is BadHttpRequestException bad)
        {
            return HubProblem.WriteAsync(context, HubProblemCode.Of(bad.StatusCode) ?? HubProblemCode.BadRequest);
        }

        if (error is not null)
        {
            HubLog.RequestFailed(context.RequestServices.GetRequiredService<ILogger<HubApp>>(), context.TraceIdentifier, error);
        }

        return HubProblem.WriteAsync(context, HubProblemCode.Internal);
    }
}
