using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.Connection;

public sealed class RefusalTests
{
    private const string Restricted = """
        authorization { users: [
          { user: limited, password: secret, permissions: { publish: { allow: ["ok.>", "_INBOX.>"] }, subscribe: { allow: ["in.>", "_INBOX.>"] } } }
        ] }
        """;

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payload_over_the_limit_is_refused_here_and_the_connection_stays()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { MaxPayload = 4096 }, Ct);
        await using var connection = server.Connection();
        await connection.ConnectAsync(Ct);
        var headers = new NatsHeaders { { "Name", "value" } };

        var refused = await Assert.ThrowsAsync<NatsPayloadTooLargeException>(async () => await connection.PublishAsync("x", new byte[4097], cancellationToken: Ct));
        await Assert.ThrowsAsync<NatsPayloadTooLargeException>(async () => await connection.PublishAsync("x", new byte[4096], headers, cancellationToken: Ct));
        await Assert.ThrowsAsync<NatsPayloadTooLargeException>(async () => await connection.RequestAsync<byte[], byte[]>("x", new byte[4097], cancellationToken: Ct));
        Assert.Throws<NatsPayloadTooLargeException>(() => connection.TryPublish("x"u8, default, new byte[4000], new byte[97]));
        await connection.PublishAsync("x", new byte[4096], opts: new() { Confirm = true }, cancellationToken: Ct);

        Assert.Equal((4097, 4096), (refused.Size, refused.MaxPayload));
        Assert.Equal(NatsConnectionState.Open, connection.ConnectionState);
    }

    [Fact]
    public async Task Forbidden_subjects_are_typed_failures_and_the_connection_stays()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { ExtraConfiguration = Restricted }, Ct);
        await using var connection = server.Connection(o => o with { AuthOpts = new() { Username = "limited", Password = "secret" } });
        await using var allowed = await connection.SubscribeCoreAsync<string>("in.x", cancellationToken: Ct);
        var events = new Collector(connection);

        var subscribe = await Assert.ThrowsAsync<NatsPermissionViolationException>(async () => await connection.SubscribeCoreAsync<string>("secret.>", cancellationToken: Ct));
        var queue = await Assert.ThrowsAsync<NatsPermissionViolationException>(async () => await connection.SubscribeCoreAsync<string>("secret.q", "group", cancellationToken: Ct));
        var publish = await Assert.ThrowsAsync<NatsPermissionViolationException>(
            async () => await connection.PublishAsync("forbidden.a", "x", opts: new() { Confirm = true }, cancellationToken: Ct));
        var request = await Assert.ThrowsAsync<NatsPermissionViolationException>(async () => await connection.RequestAsync<string, string>("forbidden.b", "x", cancellationToken: Ct));
        await connection.PublishAsync("ok.a", "x", opts: new() { Confirm = true }, cancellationToken: Ct);
        await connection.PublishAsync("forbidden.c", "unobserved", cancellationToken: Ct);

        Assert.Equal(("secret.>", false), (subscribe.Subject, subscribe.IsPublish));
        Assert.Equal("secret.q", queue.Subject);
        Assert.Equal(("forbidden.a", true), (publish.Subject, publish.IsPublish));
        Assert.Equal("forbidden.b", request.Subject);
        while (await events.NextAsync("error", Ct) is not NatsPermissionViolationException { Subject: "forbidden.c" })
        {
            // The others come first.
        }

        Assert.Equal(NatsConnectionState.Open, connection.ConnectionState);
        Assert.False(allowed.Msgs.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_private_inbox_prefix_that_is_not_granted_fails_requests_typed()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { ExtraConfiguration = Restricted }, Ct);
        await using var connection = server.Connection(
            o => o with { InboxPrefix = "_MINE", AuthOpts = new() { Username = "limited", Password = "secret" } });

        await Assert.ThrowsAsync<NatsPermissionViolationException>(async () => await connection.RequestAsync<string, string>("ok.a", "x", cancellationToken: Ct));
    }

    [Fact]
    public async Task A_subscription_over_the_limit_fails_the_call_that_made_it_and_requests_work_again_once_there_is_room()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { ExtraConfiguration = "max_subscriptions: 2" }, Ct);
        await using var connection = server.Connection();
        await using var first = await connection.SubscribeCoreAsync<string>("a", cancellationToken: Ct);
        var second = await connection.SubscribeCoreAsync<string>("b", cancellationToken: Ct);

        await Assert.ThrowsAsync<NatsSubscriptionLimitException>(async () => await connection.SubscribeCoreAsync<string>("c", cancellationToken: Ct));
        await Assert.ThrowsAsync<NatsSubscriptionLimitException>(async () => await connection.RequestAsync<string, string>("nobody", "x", cancellationToken: Ct));
        await second.DisposeAsync();
        await Assert.ThrowsAsync<NatsNoRespondersException>(async () => await connection.RequestAsync<string, string>("nobody", "x", cancellationToken: Ct));

        Assert.Equal(NatsConnectionState.Open, connection.ConnectionState);
        Assert.False(first.Msgs.Completion.IsCompleted);
    }

    [Fact]
    public async Task Wrong_credentials_are_refused_typed()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { ExtraConfiguration = Restricted }, Ct);
        await using var connection = server.Connection(o => o with { AuthOpts = new() { Username = "limited", Password = "wrong" } });

        var refused = await Assert.ThrowsAsync<NatsServerException>(async () => await connection.ConnectAsync(Ct));

        Assert.True(refused.IsAuthError);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\r\nPUB evil 1\r\nx")]
    [InlineData("a..b")]
    [InlineData("a.*")]
    [InlineData("")]
    public async Task A_subject_that_injects_protocol_is_refused_everywhere(string subject)
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        await connection.ConnectAsync(Ct);

        await Assert.ThrowsAsync<ArgumentException>(async () => await connection.PublishAsync(subject, "x", cancellationToken: Ct));
        if (subject.Length > 0)
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await connection.PublishAsync("ok", "x", replyTo: subject, cancellationToken: Ct));
            Assert.Throws<ArgumentException>(() => connection.TryPublish("ok"u8, System.Text.Encoding.UTF8.GetBytes(subject), default, default));
        }

        await Assert.ThrowsAsync<ArgumentException>(async () => await connection.RequestAsync<string, string>(subject, "x", cancellationToken: Ct));
        Assert.Throws<ArgumentException>(() => connection.TryPublish(System.Text.Encoding.UTF8.GetBytes(subject), default, default, default));
        if (!subject.Contains('*', StringComparison.Ordinal))
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await connection.SubscribeCoreAsync<string>(subject, cancellationToken: Ct));
        }

        await Assert.ThrowsAsync<ArgumentException>(async () => await connection.SubscribeCoreAsync<string>("ok", "group 1\r\n", cancellationToken: Ct));
    }
}
