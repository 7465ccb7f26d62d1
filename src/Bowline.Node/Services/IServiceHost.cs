namespace Bowline.Node.Services;

/// <summary>Where services are mapped: the tunnel's server side.</summary>
internal interface IServiceHost
{
    /// <summary>Begins to serve; reports finished exchanges to <paramref name="observer"/>.</summary>
    public void Map(ServiceRecord service, IExchangeObserver observer);

    /// <summary>Stops serving.</summary>
    public void Unmap(string name);
}
