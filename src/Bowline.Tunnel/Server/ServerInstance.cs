namespace Bowline.Tunnel;

/// <summary>One connection a server is attached to.</summary>
internal sealed class ServerInstance(TunnelServer server, InstanceId id, ITunnelCarrier carrier, CarrierPump pump) : ITunnelSink
{
    public InstanceId Id => id;

    public ITunnelCarrier Carrier => carrier;

    public CarrierPump Pump => pump;

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
    }
}
