using Bowline.Nats.JetStream;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.JetStream;

public sealed class NatsJSStreamTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_is_created_found_changed_purged_and_deleted()
    {
        await using var server = await JetStreamServer.StartAsync();
        var config = new StreamConfig
        {
            Name = "EVT",
            Subjects = ["evt.>"],
            Storage = StreamConfigStorage.File,
            Retention = StreamConfigRetention.Limits,
            Discard = StreamConfigDiscard.Old,
            MaxAge = TimeSpan.FromMinutes(30),
            DuplicateWindow = TimeSpan.FromMinutes(2),
            MaxBytes = 1 << 30,
            MaxMsgs = -1,
            MaxMsgSize = 1 << 20,
            MaxConsumers = -1,
            NumReplicas = 1,
            AllowDirect = true,
        };
        var stream = await server.Js.CreateStreamAsync(config, Ct);
        Assert.Equal(TimeSpan.FromMinutes(30), stream.Info.Config!.MaxAge);
        Assert.NotEqual(default, stream.Info.Created);
        await server.Js.CreateStreamAsync(config, Ct);
        var other = await Assert.ThrowsAsync<NatsJSApiException>(() => server.Js.CreateStreamAsync(config with { MaxBytes = 1 << 20 }, Ct).AsTask());
        Assert.Equal(NatsJSErrorCode.StreamNameInUse, other.Error.ErrCode);
        var changed = await server.Js.CreateOrUpdateStreamAsync(config with { MaxBytes = 1 << 20 }, Ct);
        Assert.Equal(1 << 20, changed.Info.Config!.MaxBytes);

        await server.PublishAsync(5, "evt.a");
        await server.PublishAsync(3, "evt.b");
        await stream.RefreshAsync(Ct);
        Assert.Equal((8L, 8UL), (stream.Info.State!.Messages, stream.Info.State.LastSeq));
        Assert.Equal(3UL, await stream.PurgeAsync(keep: 5, cancellationToken: Ct));
        Assert.Equal(3UL, await stream.PurgeAsync("evt.b", cancellationToken: Ct));
        await stream.RefreshAsync(Ct);
        Assert.Equal(2, stream.Info.State.Messages);
        await stream.DeleteAsync(Ct);
        var gone = await Assert.ThrowsAsync<NatsJSApiException>(() => server.Js.GetStreamAsync("EVT", Ct).AsTask());
        Assert.Equal((404, NatsJSErrorCode.StreamNotFound), (gone.Error.Code, gone.Error.ErrCode));
    }

    [Fact]
    public async Task A_setting_that_the_server_drops_is_an_error_that_names_it()
    {
        await using var server = await JetStreamServer.StartAsync();
        var version = Version.Parse(server.Connection.ServerInfo!.Version);
        var config = new StreamConfig { Name = "S", Subjects = ["s"], Metadata = new Dictionary<string, string> { ["a"] = "b" } };
        if (version >= new Version(2, 10))
        {
            // A newer server keeps it, and then nothing may be reported.
            Assert.Equal("b", (await server.Js.CreateStreamAsync(config, Ct)).Info.Config!.Metadata!["a"]);
            return;
        }

        var stream = await Assert.ThrowsAsync<NatsJSConfigNotAppliedException>(() => server.Js.CreateStreamAsync(config, Ct).AsTask());
        Assert.Equal("metadata", stream.Field);
        Assert.Null(stream.Given);
        var consumer = new ConsumerConfig { Name = "c", FilterSubjects = ["s"] };
        var dropped = await Assert.ThrowsAsync<NatsJSConfigNotAppliedException>(() => server.Js.CreateOrUpdateConsumerAsync("S", consumer, Ct).AsTask());
        Assert.Equal("filter_subjects", dropped.Field);
    }

    [Fact]
    public async Task Names_and_filters_that_could_reach_elsewhere_are_refused_before_anything_is_sent()
    {
        await using var connection = new NatsConnection();
        var js = new NatsJSContext(connection);
        foreach (var name in new[] { "", "*", ">", "a.b", "a b", "a\r\nPUB x 0", "EVT.*", "ü", new string('a', 129) })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => js.CreateStreamAsync(new StreamConfig { Name = name }, Ct).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => js.GetStreamAsync(name, Ct).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => js.DeleteStreamAsync(name, Ct).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => js.PurgeStreamAsync(name, cancellationToken: Ct).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => js.GetConsumerAsync("S", name, Ct).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => js.DeleteConsumerAsync(name, "c", Ct).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => js.CreateOrUpdateConsumerAsync("S", new ConsumerConfig { Name = name }, Ct).AsTask());
            Assert.Throws<ArgumentException>(() => js.CreateOrderedConsumer(name));
        }

        await Assert.ThrowsAsync<ArgumentException>(() => js.CreateOrUpdateConsumerAsync("S", new ConsumerConfig { Name = "c", FilterSubject = "a b" }, Ct).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => js.PurgeStreamAsync("S", "a\r\nb", cancellationToken: Ct).AsTask());
        Assert.Equal(NatsConnectionState.Closed, connection.ConnectionState);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Single_messages_are_read_directly_or_through_the_leader(bool direct)
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.Js.CreateStreamAsync(new StreamConfig { Name = "EVT", Subjects = ["evt.>"], AllowDirect = direct ? true : null }, Ct);
        await server.Js.PublishAsync("evt.a", "one", headers: new NatsHeaders { { "X", "1" } }, cancellationToken: Ct);
        await server.PublishAsync(2, "evt.b");
        var first = await stream.GetAsync(1, Ct);
        Assert.Equal(("evt.a", 1UL, "one", "1"), (first!.Subject, first.Sequence, System.Text.Encoding.UTF8.GetString(first.Data), first.Headers!["X"]));
        Assert.InRange(first.Time, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(3UL, (await stream.GetLastAsync("evt.b", Ct))!.Sequence);
        Assert.Null(await stream.GetAsync(99, Ct));
        Assert.Null(await stream.GetLastAsync("evt.none", Ct));
    }

    [Fact]
    public async Task A_direct_read_that_nobody_answers_falls_back_to_the_leader()
    {
        await using var server = await JetStreamServer.StartAsync();
        var js = new NatsJSContext(server.Connection, new NatsJSOpts { RequestTimeout = TimeSpan.FromSeconds(2) });
        var config = new StreamConfig { Name = "EVT", Subjects = ["evt.>"], AllowDirect = true };
        var stream = await js.CreateStreamAsync(config, Ct);
        await server.PublishAsync(1);
        await js.UpdateStreamAsync(config with { AllowDirect = false }, Ct);
        Assert.Equal("evt.a", (await stream.GetAsync(1, Ct))!.Subject);
    }

    [Fact]
    public async Task Account_information_says_whether_jetstream_is_there()
    {
        await using var server = await JetStreamServer.StartAsync();
        await server.CreateEventsAsync();
        var info = await server.Js.GetAccountInfoAsync(Ct);
        Assert.Equal(1, info.Streams);
        Assert.NotNull(info.Limits);

        await using var accounts = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Ct);
        var hub = accounts.Operator!.HubCreds();
        var link = accounts.Operator.LinkCreds();
        await using var hubConnection = new NatsConnection(new NatsOpts { Url = accounts.Url, AuthOpts = new NatsAuthOpts { Jwt = hub.Jwt, Seed = hub.Seed } });
        await using var linkConnection = new NatsConnection(new NatsOpts { Url = accounts.Url, AuthOpts = new NatsAuthOpts { Jwt = link.Jwt, Seed = link.Seed } });
        Assert.Equal(0, (await new NatsJSContext(hubConnection).GetAccountInfoAsync(Ct)).Streams);
        await Assert.ThrowsAnyAsync<NatsException>(() => new NatsJSContext(linkConnection).GetAccountInfoAsync(Ct).AsTask());
    }
}
