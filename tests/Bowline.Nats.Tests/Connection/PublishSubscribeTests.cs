using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.Connection;

public sealed class PublishSubscribeTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_published_arrives_with_headers_and_reply_subject()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        await using var sub = await connection.SubscribeCoreAsync<string>("greet.*", cancellationToken: Ct);
        var headers = new NatsHeaders { { "Traceparent", "00-ab" }, { "Twice", "1" }, { "Twice", "2" } };

        await connection.PublishAsync("greet.joe", "héllo", headers, replyTo: "back.to", cancellationToken: Ct);

        var msg = await sub.Msgs.ReadAsync(Ct);
        Assert.Equal("greet.joe", msg.Subject);
        Assert.Equal("back.to", msg.ReplyTo);
        Assert.Equal("héllo", msg.Data);
        Assert.Equal(headers, msg.Headers!);
    }

    [Fact]
    public async Task A_request_is_answered()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        await using var sub = await connection.SubscribeCoreAsync<string>("echo", cancellationToken: Ct);
        var asked = connection.RequestAsync<string, string>("echo", "ping", cancellationToken: Ct);

        var request = await sub.Msgs.ReadAsync(Ct);
        await request.ReplyAsync(request.Data + "-pong", cancellationToken: Ct);

        Assert.Equal("ping-pong", (await asked).Data);
    }

    [Fact]
    public async Task A_request_nobody_answers_fails_at_once()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();

        await Assert.ThrowsAsync<NatsNoRespondersException>(async () => await connection.RequestAsync<string, string>("nobody", "x", cancellationToken: Ct));
        await Assert.ThrowsAsync<NatsNoRespondersException>(async () => await connection.RequestAsync<string, string>("nobody", "x", cancellationToken: Ct));
    }

    [Fact]
    public async Task A_hundred_thousand_messages_arrive_in_order()
    {
        const int Count = 100_000;
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var publisher = server.Connection();
        await using var subscriber = server.Connection();
        await using var sub = await subscriber.SubscribeCoreAsync<byte[]>("seq", cancellationToken: Ct);
        var publishing = Task.Run(
            async () =>
            {
                var bytes = new byte[4];
                for (var i = 0; i < Count; i++)
                {
                    BitConverter.TryWriteBytes(bytes, i);
                    await publisher.PublishAsync("seq", bytes, cancellationToken: Ct);
                }
            },
            Ct);

        for (var i = 0; i < Count; i++)
        {
            var msg = await sub.Msgs.ReadAsync(Ct);
            Assert.Equal(i, BitConverter.ToInt32(msg.Data!));
        }

        await publishing;
    }
}
