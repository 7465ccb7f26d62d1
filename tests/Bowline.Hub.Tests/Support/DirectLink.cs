using System.Threading.Channels;
using Bowline.Nats;
using Bowline.Nats.Jwt;

namespace Bowline.Hub.Tests.Support;

/// <summary>A node's connection that does not pass the hub.</summary>
internal sealed class DirectLink : IAsyncDisposable
{
    private readonly Channel<bool> _cut = Channel.CreateUnbounded<bool>();

    public DirectLink(NatsCreds creds, NatsConnection connection)
    {
        (Creds, Connection) = (creds, connection);
        connection.ConnectionDisconnected += (_, _) =>
        {
            _cut.Writer.TryWrite(true);
            return default;
        };
    }

    public NatsCreds Creds { get; }

    public NatsConnection Connection { get; }

    public Task CutAsync(double seconds = 10) =>
        _cut.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
