using Bowline.Nats.JetStream;

namespace Bowline.Nats.Tests.JetStream;

public sealed class NatsJSPublishTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_id_is_kept_once()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        var opts = new NatsJSPubOpts { MsgId = "m1" };
        var first = await server.Js.PublishAsync("evt.a", "x", opts: opts, cancellationToken: Ct);
        var again = await server.Js.PublishAsync("evt.a", "x", opts: opts, cancellationToken: Ct);
        Assert.Equal(("EVT", 1UL, false), (first.Stream, first.Seq, first.Duplicate));
        Assert.Equal((1UL, true), (again.Seq, again.Duplicate));
        await stream.RefreshAsync(Ct);
        Assert.Equal(1, stream.Info.State!.Messages);
    }

    [Fact]
    public async Task Expected_sequences_stream_and_id_are_conditions()
    {
        await using var server = await JetStreamServer.StartAsync();
        await server.CreateEventsAsync();
        await server.Js.PublishAsync("evt.a", "x", opts: new NatsJSPubOpts { ExpectedLastSequence = 0, MsgId = "m1" }, cancellationToken: Ct);
        await server.Js.PublishAsync("evt.b", "x", opts: new NatsJSPubOpts { ExpectedLastSequence = 1, ExpectedStream = "EVT", ExpectedLastMsgId = "m1" }, cancellationToken: Ct);
        var wrong = await Assert.ThrowsAsync<NatsJSWrongLastSequenceException>(
            () => server.Js.PublishAsync("evt.a", "x", opts: new NatsJSPubOpts { ExpectedLastSequence = 1 }, cancellationToken: Ct).AsTask());
        Assert.Equal(NatsJSErrorCode.WrongLastSequence, wrong.Error.ErrCode);
        await Assert.ThrowsAsync<NatsJSWrongLastSequenceException>(
            () => server.Js.PublishAsync("evt.a", "x", opts: new NatsJSPubOpts { ExpectedLastSubjectSequence = 0 }, cancellationToken: Ct).AsTask());
        Assert.Equal(3UL, (await server.Js.PublishAsync("evt.a", "x", opts: new NatsJSPubOpts { ExpectedLastSubjectSequence = 1 }, cancellationToken: Ct)).Seq);
        await Assert.ThrowsAsync<NatsJSApiException>(
            () => server.Js.PublishAsync("evt.a", "x", opts: new NatsJSPubOpts { ExpectedStream = "OTHER" }, cancellationToken: Ct).AsTask());
    }

    [Fact]
    public async Task Without_a_stream_the_publish_fails_at_once_or_after_its_retries()
    {
        await using var server = await JetStreamServer.StartAsync();
        var error = await Assert.ThrowsAsync<NatsJSNoStreamException>(() => server.Js.PublishAsync("none.a", "x", cancellationToken: Ct).AsTask());
        Assert.Equal("none.a", error.Subject);
        await Assert.ThrowsAsync<NatsJSNoStreamException>(
            () => server.Js.PublishAsync("none.a", "x", opts: new NatsJSPubOpts { MsgId = "m" }, cancellationToken: Ct).AsTask());
    }

    [Fact]
    public async Task A_publish_with_an_id_survives_that_its_stream_is_made_a_moment_later()
    {
        await using var server = await JetStreamServer.StartAsync();
        var publish = server.Js.PublishAsync("evt.a", "x", opts: new NatsJSPubOpts { MsgId = "m" }, cancellationToken: Ct).AsTask();
        await server.CreateEventsAsync();
        Assert.Equal(1UL, (await publish).Seq);
    }

    [Fact]
    public async Task A_frozen_server_makes_the_confirmation_lost_and_says_that_storage_is_unknown()
    {
        await using var server = await JetStreamServer.StartAsync();
        await server.CreateEventsAsync();
        var js = new NatsJSContext(server.Connection, new NatsJSOpts { RequestTimeout = TimeSpan.FromMilliseconds(200) });
        server.Process.Freeze();
        var error = await Assert.ThrowsAsync<NatsJSAckLostException>(() => js.PublishAsync("evt.a", "x", cancellationToken: Ct).AsTask());
        Assert.Null(error.MsgId);
        server.Process.Thaw();
        Assert.False((await server.Js.PublishAsync("evt.a", "y", cancellationToken: Ct)).Duplicate);
    }

    [Fact]
    public async Task Somebody_else_who_answers_is_not_taken_for_a_stream()
    {
        await using var server = await JetStreamServer.StartAsync();
        var ready = await server.Connection.SubscribeCoreAsync<string>("fake.a", cancellationToken: Ct);
        var publish = server.Js.PublishAsync("fake.a", "x", cancellationToken: Ct).AsTask();
        var msg = await ready.Msgs.ReadAsync(Ct);
        await msg.ReplyAsync("{\"seq\":1}", cancellationToken: Ct);
        await Assert.ThrowsAsync<NatsJSException>(() => publish);
        await ready.DisposeAsync();
    }
}
