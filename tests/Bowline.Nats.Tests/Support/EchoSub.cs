namespace Bowline.Nats.Tests.Support;

/// <summary>Answers each request on <c>echo</c> with its own payload, on the read loop.</summary>
internal sealed class EchoSub(NatsConnection connection) : NatsSubBase("echo", null)
{
    protected internal override void Receive(in NatsRawMsg msg) =>
        Assert.True(connection.TryPublish(msg.ReplyTo, default, msg.Payload, default));
}
