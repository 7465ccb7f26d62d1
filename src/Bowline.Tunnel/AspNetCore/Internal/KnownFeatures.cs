using System.Collections.Frozen;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Tunnel;

/// <summary>The features that a <see cref="TunnelAppContext"/> is itself.</summary>
internal static class KnownFeatures
{
    public static readonly FrozenSet<Type> All = new[]
    {
        typeof(IHttpRequestFeature), typeof(IHttpResponseFeature), typeof(IHttpResponseBodyFeature), typeof(IHttpRequestBodyDetectionFeature),
        typeof(IHttpRequestLifetimeFeature), typeof(IHttpUpgradeFeature), typeof(IHttpResponseTrailersFeature), typeof(IHttpRequestTrailersFeature),
        typeof(IHttpRequestIdentifierFeature), typeof(IHttpMaxRequestBodySizeFeature), typeof(IHttpConnectionFeature), typeof(IItemsFeature),
        typeof(IEndpointFeature), typeof(IRouteValuesFeature), typeof(ITunnelFeature),
    }.ToFrozenSet();
}

/// <summary>The answer for one type, looked up once.</summary>
internal static class KnownFeature<TFeature>
{
    public static readonly bool IsOwn = KnownFeatures.All.Contains(typeof(TFeature));
}
