using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Tunnel;

/// <summary>Runs an ASP.NET Core pipeline for each exchange.</summary>
internal sealed class AppHandler<TContext>(IHttpApplication<TContext> application) : ITunnelHandler
    where TContext : notnull
{
    public async Task HandleAsync(TunnelExchange exchange)
    {
        var features = new TunnelFeatures(exchange);
        var collection = Collect(features);
        var context = application.CreateContext(collection);
        try
        {
            await application.ProcessRequestAsync(context).ConfigureAwait(false);
            features.CopyTrailers();
            await exchange.CompleteResponseAsync().ConfigureAwait(false);
            application.DisposeContext(context, null);
        }
        catch (Exception e)
        {
            application.DisposeContext(context, e);
            throw;
        }
        finally
        {
            await features.FireCompletedAsync().ConfigureAwait(false);
        }
    }

    private static FeatureCollection Collect(TunnelFeatures features)
    {
        var collection = new FeatureCollection(16);
        collection.Set<IHttpRequestFeature>(features);
        collection.Set<IHttpResponseFeature>(features);
        collection.Set<IHttpResponseBodyFeature>(features);
        collection.Set<IHttpRequestBodyDetectionFeature>(features);
        collection.Set<IHttpRequestLifetimeFeature>(features);
        collection.Set<IHttpRequestIdentifierFeature>(features);
        collection.Set<IHttpRequestTrailersFeature>(features);
        collection.Set<IHttpResponseTrailersFeature>(features);
        collection.Set<IHttpMaxRequestBodySizeFeature>(features);
        collection.Set<IHttpConnectionFeature>(features);
        if (features.IsUpgradableRequest)
        {
            collection.Set<IHttpUpgradeFeature>(features);
        }

        return collection;
    }
}
