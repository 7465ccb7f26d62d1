using System.Collections.Concurrent;
using Bowline.Nats;

namespace Bowline.Tunnel;

/// <summary>Tunnel frames as core NATS messages. The connection stays the caller's.</summary>
public class NatsServerCarrier(NatsConnection connection) : ITunnelCarrier
{
    private readonly ConcurrentDictionary<string, CarrierSub> _subs = new(StringComparer.Ordinal);

    /// <summary>The connection.</summary>
    public NatsConnection Connection => connection;

    /// <inheritdoc/>
    public int MaxFrame => (int)Math.Min(connection.ServerInfo?.MaxPayload ?? 1024 * 1024, 1024 * 1024);

    /// <inheritdoc/>
    public bool IsConnected => connection.ConnectionState == NatsConnectionState.Open;

    /// <inheritdoc/>
    public bool TryPublish(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        connection.TryPublish(subject, replyTo, first, second);

    /// <inheritdoc/>
    public ValueTask WaitWritableAsync(CancellationToken cancellationToken) => connection.WaitWritableAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken) => _ = await connection.PingAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask SubscribeAsync(string subject, string? queueGroup, ITunnelSink sink, CancellationToken cancellationToken)
    {
        var sub = new CarrierSub(connection, subject, queueGroup, sink);
        _subs[subject] = sub;
        await connection.AddSubAsync(sub, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DrainAsync(string subject, CancellationToken cancellationToken)
    {
        // Kept in the table until it has ended: what fails here is taken off by UnsubscribeAsync.
        if (_subs.TryGetValue(subject, out var sub))
        {
            await connection.DrainSubAsync(sub, cancellationToken).ConfigureAwait(false);
            _ = _subs.TryRemove(subject, out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask UnsubscribeAsync(string subject, CancellationToken cancellationToken)
    {
        if (_subs.TryRemove(subject, out var sub))
        {
            await connection.RemoveSubAsync(sub).ConfigureAwait(false);
        }
    }

    private sealed class CarrierSub : NatsSubBase
    {
        private readonly NatsConnection _connection;
        private readonly ITunnelSink _sink;

        public CarrierSub(NatsConnection connection, string subject, string? queueGroup, ITunnelSink sink)
            : base(subject, queueGroup)
        {
            _connection = connection;
            _sink = sink;
            connection.ConnectionOpened += OnOpened;
            connection.ConnectionDisconnected += OnDisconnected;
        }

        protected override void Receive(in NatsRawMsg msg) => _sink.OnMessage(msg.Subject, msg.ReplyTo, msg.Payload, msg.IsNoResponders);

        protected override void Ended(NatsException? reason)
        {
            _connection.ConnectionOpened -= OnOpened;
            _connection.ConnectionDisconnected -= OnDisconnected;
            if (reason is not null)
            {
                _sink.OnDisconnected();
            }
        }

        private ValueTask OnOpened(NatsConnection sender, NatsEventArgs args)
        {
            _sink.OnReconnected();
            return default;
        }

        private ValueTask OnDisconnected(NatsConnection sender, NatsEventArgs args)
        {
            _sink.OnDisconnected();
            return default;
        }
    }
}
