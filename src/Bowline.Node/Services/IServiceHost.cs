namespace Bowline.Node.Services;

/// <summary>Where services are mapped: the tunnel's server side.</summary>
internal interface IServiceHost
{
    /// <summary>Begins to serve; reports each finished exchange to <paramref name="inspect"/>.</summary>
    public void Map(ServiceRecord service, Action<ExchangeRecord> inspect);

    /// <summary>Stops serving.</summary>
    public void Unmap(string name);
}
