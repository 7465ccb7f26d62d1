using System.Text.Json.Serialization;
using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.Connection;

public sealed partial class RequestTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Concurrent_requests_each_get_their_own_answer(bool inline)
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var responder = server.Connection();
        await responder.AddSubAsync(new EchoSub(responder), Ct);
        await using var connection = server.Connection(o => o with { InlineRequestContinuations = inline });

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async worker =>
        {
            for (var i = 0; i < 200; i++)
            {
                var text = $"{worker}-{i}";
                Assert.Equal(text, (await connection.RequestAsync<string, string>("echo", text, cancellationToken: Ct)).Data);
            }

            return worker;
        }));

        Assert.Equal(64, answers.Length);
    }

    [Fact]
    public async Task A_request_times_out_is_cancelled_and_a_late_answer_hits_nobody()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        await using var sub = await connection.SubscribeCoreAsync<string>("slow", cancellationToken: Ct);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        await Assert.ThrowsAsync<NatsNoReplyException>(
            async () => await connection.RequestAsync<string, string>("slow", "1", replyOpts: new() { Timeout = TimeSpan.FromMilliseconds(50) }, cancellationToken: Ct));
        var cancelled = connection.RequestAsync<string, string>("slow", "2", cancellationToken: cancel.Token).AsTask();
        var late1 = await sub.Msgs.ReadAsync(Ct);
        var late2 = await sub.Msgs.ReadAsync(Ct);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        var next = connection.RequestAsync<string, string>("slow", "3", cancellationToken: Ct);
        var current = await sub.Msgs.ReadAsync(Ct);
        await late1.ReplyAsync("late", cancellationToken: Ct);
        await late2.ReplyAsync("late", cancellationToken: Ct);
        await current.ReplyAsync("right", cancellationToken: Ct);

        Assert.Equal("right", (await next).Data);
    }

    [Fact]
    public async Task Json_goes_both_ways_and_what_is_not_json_is_a_typed_failure()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        await connection.AddSubAsync(new EchoSub(connection), Ct);
        var json = new NatsJsonContextSerializer<Point>(PointJson.Default.Point);

        var answer = await connection.RequestAsync("echo", new Point(3, 4), requestSerializer: json, replySerializer: json, cancellationToken: Ct);

        Assert.Equal(new Point(3, 4), answer.Data);
        await Assert.ThrowsAsync<NatsDeserializeException>(
            async () => await connection.RequestAsync("echo", "no json", replySerializer: json, cancellationToken: Ct));
    }

    [Fact]
    public async Task A_drained_subscription_keeps_what_the_server_had_sent()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        var sub = await connection.SubscribeCoreAsync<string>("x", cancellationToken: Ct);
        for (var i = 0; i < 500; i++)
        {
            await connection.PublishAsync("x", $"{i}", cancellationToken: Ct);
        }

        await sub.DrainAsync(Ct);
        await connection.PublishAsync("x", "after", opts: new() { Confirm = true }, cancellationToken: Ct);

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), await sub.Msgs.ReadAllAsync(Ct).Select(m => m.Data!).ToListAsync(Ct));
    }

    [Fact]
    public async Task Disposal_ends_subscriptions_and_fails_what_is_pending()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var other = server.Connection();
        await using var flushed = await other.SubscribeCoreAsync<string>("x", cancellationToken: Ct);
        var connection = server.Connection();
        var sub = await connection.SubscribeCoreAsync<string>("x", cancellationToken: Ct);
        var pending = connection.RequestAsync<string, string>("x", "unanswered", cancellationToken: Ct).AsTask();
        await sub.Msgs.ReadAsync(Ct);
        await connection.PublishAsync("x", "last words", cancellationToken: Ct);

        await connection.DisposeAsync();

        await Assert.ThrowsAsync<NatsDisconnectedException>(() => pending);
        Assert.Equal(["last words"], await sub.Msgs.ReadAllAsync(Ct).Select(m => m.Data).ToListAsync(Ct));
        Assert.Equal(NatsConnectionState.Closed, connection.ConnectionState);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await connection.PublishAsync("x", "too late", cancellationToken: Ct));
        await flushed.Msgs.ReadAsync(Ct);
        Assert.Equal("last words", (await flushed.Msgs.ReadAsync(Ct)).Data);
    }

    [Fact]
    public async Task A_subscription_that_throws_does_not_disturb_the_others()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        await connection.AddSubAsync(new ThrowingSub(), Ct);
        await connection.AddSubAsync(new EchoSub(connection), Ct);

        await connection.PublishAsync("throw", "x", cancellationToken: Ct);

        Assert.Equal("fine", (await connection.RequestAsync<string, string>("echo", "fine", cancellationToken: Ct)).Data);
    }

    internal sealed record Point(int X, int Y);

    [JsonSerializable(typeof(Point))]
    internal sealed partial class PointJson : JsonSerializerContext;

    private sealed class ThrowingSub() : NatsSubBase("throw", null)
    {
        protected internal override void Receive(in NatsRawMsg msg) => throw new InvalidOperationException("on purpose");
    }
}
