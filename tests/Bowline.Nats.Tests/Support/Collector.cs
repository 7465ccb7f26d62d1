using System.Threading.Channels;

namespace Bowline.Nats.Tests.Support;

/// <summary>Collects events of a connection, to be waited for.</summary>
internal sealed class Collector
{
    private readonly Channel<(string Name, Exception? Reason)> _seen = Channel.CreateUnbounded<(string, Exception?)>();

    public Collector(NatsConnection connection)
    {
        connection.ConnectionOpened += (_, e) => Add("opened", e);
        connection.ConnectionDisconnected += (_, e) => Add("disconnected", e);
        connection.ReconnectFailed += (_, e) => Add("failed", e);
        connection.LameDuckModeActivated += (_, e) => Add("lame duck", e);
        connection.ServerError += (_, e) => Add("error", e);
    }

    /// <summary>Waits for the next event of this name, and gives its reason.</summary>
    public async Task<Exception?> NextAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (seen, reason) = await _seen.Reader.ReadAsync(cancellationToken);
            if (seen == name)
            {
                return reason;
            }
        }
    }

    private ValueTask Add(string name, NatsEventArgs args)
    {
        _seen.Writer.TryWrite((name, args.Reason));
        return default;
    }
}
