namespace Bowline.Tunnel;

#pragma warning disable CA1001 // A token source without a timer holds nothing, and a stream that leaves may still look at its token.
/// <summary>One connection a server is attached to.</summary>
internal sealed class ServerInstance(TunnelServer server, InstanceId id, ITunnelCarrier carrier, CarrierPump pump) : ITunnelSink
{
    private readonly CancellationTokenSource _lost = new();

    public InstanceId Id => id;

    public ITunnelCarrier Carrier => carrier;

    public CarrierPump Pump => pump;

    /// <summary>Fires when the connection is lost, also when it comes back later: frames may be lost with it.</summary>
    public CancellationToken Lost => _lost.Token;

    public string InSubject => $"{TunnelSubjects.Prefix}{server.Device}.in.{id.Token}.*";

    public void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> payload, bool noResponders)
    {
        if (!noResponders)
        {
            server.OnMessage(this, subject, replyTo, payload);
        }
    }

    public void OnReconnected() => server.OnReconnected();

    public void OnDisconnected()
    {
        if (server.IsLeaving(this))
        {
            _lost.Cancel();
        }
    }
}
