namespace Bowline.Node.Services;

/// <summary>Hears of the finished exchanges of one service.</summary>
internal interface IExchangeObserver
{
    /// <summary>False while nobody looks, so that nothing has to be measured.</summary>
    public bool IsWatching { get; }

    public void Seen(ExchangeRecord exchange);
}
