using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.ObjectPool;

namespace Bowline.Tunnel;

/// <summary>
/// One request as ASP.NET Core sees it: the feature collection and most of the features in one object that is used again, so a request
/// costs little garbage. What middleware sets instead of a feature lives in a dictionary until the request is over.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Its streams hold nothing to free; it is pooled, not disposed.")]
internal abstract partial class TunnelAppContext : IFeatureCollection, IItemsFeature, IEndpointFeature, IRouteValuesFeature, ITunnelFeature
{
    private readonly TunnelAppOptions _options;
    private readonly Dictionary<Type, object?> _set = [];
    private TunnelExchange? _exchange;
    private IDictionary<object, object?>? _items;
    private RouteValueDictionary? _routeValues;
    private int _revision;

    protected TunnelAppContext(TunnelAppOptions options)
    {
        _options = options;
        Writer = new(this);
        _responseStream = new(this);
        _requestStream = new(this);
    }

    public TunnelExchange Exchange => _exchange ?? throw new ObjectDisposedException(nameof(HttpContext), "The request is over.");

    public bool IsReadOnly => false;

    public int Revision => _revision;

    public IDictionary<object, object?> Items
    {
        get => _items ??= new Dictionary<object, object?>();
        set => _items = value;
    }

    public Endpoint? Endpoint { get; set; }

    public RouteValueDictionary RouteValues
    {
        get => _routeValues ??= [];
        set => _routeValues = value;
    }

    TunnelCaller ITunnelFeature.Caller => Exchange.Caller;

    string ITunnelFeature.Service => Exchange.Service;

    public object? this[Type key]
    {
        get => _set.TryGetValue(key, out var feature) ? feature : KnownFeatures.All.Contains(key) ? this : null;
        set
        {
            _revision++;
            _set[key] = value;
        }
    }

    public TFeature? Get<TFeature>()
    {
        if (_set.TryGetValue(typeof(TFeature), out var feature))
        {
            return (TFeature?)feature;
        }

        return KnownFeature<TFeature>.IsOwn ? (TFeature)(object)this : default;
    }

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        foreach (var type in KnownFeatures.All)
        {
            if (!_set.ContainsKey(type))
            {
                yield return new(type, this);
            }
        }

        foreach (var (type, feature) in _set)
        {
            if (feature is not null)
            {
                yield return new(type, feature);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Takes up an exchange; false when its target is nothing an app may see (the response can still be written).</summary>
    public bool TryBegin(TunnelExchange exchange)
    {
        _exchange = exchange;
        _revision++;
        BeginResponse();
        return TryBeginRequest(exchange);
    }

    /// <summary>Makes the object ready for its next request; false when something of this one may still hold on to it.</summary>
    public bool TryReset(bool clean)
    {
        var reusable = clean && !_cut && !_upgraded && !Exchange.Aborted.IsCancellationRequested;
        _exchange = null;
        Writer.Discard(reusable);
        if (!reusable)
        {
            return false;
        }

        _set.Clear();
        _items = null;
        Endpoint = null;
        _routeValues = null;
        ResetRequest();
        ResetResponse();
        return true;
    }
}

/// <summary>Also keeps the host's own context object between requests, as Kestrel does.</summary>
internal sealed class TunnelAppContext<TContext>(TunnelAppOptions options) : TunnelAppContext(options), IHostContextContainer<TContext>
    where TContext : notnull
{
    public TContext? HostContext { get; set; }
}

internal sealed class TunnelAppContextPolicy<TContext>(TunnelAppOptions options) : PooledObjectPolicy<TunnelAppContext<TContext>>
    where TContext : notnull
{
    public override TunnelAppContext<TContext> Create() => new(options);

    public override bool Return(TunnelAppContext<TContext> obj) => true;
}
