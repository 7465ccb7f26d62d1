using System.Diagnostics;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;
using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.Connection;

public sealed class CredentialTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Credentials_that_expire_are_asked_for_again_and_cost_no_waiting()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Ct);
        var asked = 0;
        await using var connection = server.Connection(o => o with
        {
            ReconnectWaitMin = TimeSpan.FromSeconds(60),
            ReconnectWaitMax = TimeSpan.FromSeconds(60),
            AuthOpts = new()
            {
                AuthCredCallback = (_, _) =>
                {
                    var life = Interlocked.Increment(ref asked) == 1 ? TimeSpan.FromSeconds(2) : TimeSpan.FromHours(1);
                    return new(NatsAuthCred.FromCreds(server.Operator!.LinkCreds(expires: DateTimeOffset.UtcNow + life)));
                },
            },
        });
        var events = new Collector(connection);
        await using var sub = await connection.SubscribeCoreAsync<string>("x", cancellationToken: Ct);

        var reason = Assert.IsType<NatsServerException>(await events.NextAsync("disconnected", Ct));
        var start = Stopwatch.StartNew();
        await events.NextAsync("opened", Ct);

        Assert.True(reason.IsAuthExpired);
        Assert.InRange(start.Elapsed.TotalSeconds, 0, 10);
        Assert.Equal(2, asked);
        await connection.PublishAsync("x", "again", cancellationToken: Ct);
        Assert.Equal("again", (await sub.Msgs.ReadAsync(Ct)).Data);
    }

    [Fact]
    public async Task Revoked_credentials_end_the_session_typed_and_are_refused_from_then_on()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Ct);
        var creds = server.Operator!.LinkCreds();
        var user = NatsJwt.DecodeUser(creds.Jwt).Subject;
        await using var connection = server.Connection(o => o with { AuthOpts = new() { Jwt = creds.Jwt, Seed = creds.Seed } });
        await using var bystander = server.Connection(o => o with { AuthOpts = new() { AuthCredCallback = (_, _) => new(NatsAuthCred.FromCreds(server.Operator.LinkCreds())) } });
        await using var system = server.Connection(o => o with { AuthOpts = new() { AuthCredCallback = (_, _) => new(NatsAuthCred.FromCreds(server.Operator.SystemCreds())) } });
        var events = new Collector(connection);
        await connection.ConnectAsync(Ct);
        await bystander.ConnectAsync(Ct);

        var account = server.Operator.LinksAccountToken(new Dictionary<string, long> { [user] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1 });
        await system.RequestAsync<string, string>($"$SYS.REQ.ACCOUNT.{server.Operator.LinksAccount.PublicKey}.CLAIMS.UPDATE", account, cancellationToken: Ct);

        Assert.True(Assert.IsType<NatsServerException>(await events.NextAsync("disconnected", Ct)).IsAuthRevoked);
        Assert.True(Assert.IsType<NatsServerException>(await events.NextAsync("failed", Ct)).IsAuthError);
        Assert.Equal(NatsConnectionState.Open, bystander.ConnectionState);
    }

    [Fact]
    public async Task Expired_credentials_are_refused_at_connect()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Ct);
        var creds = server.Operator!.LinkCreds(expires: DateTimeOffset.UtcNow.AddMinutes(-1));
        await using var connection = server.Connection(o => o with { AuthOpts = new() { Jwt = creds.Jwt, Seed = creds.Seed } });

        Assert.True((await Assert.ThrowsAsync<NatsServerException>(async () => await connection.ConnectAsync(Ct))).IsAuthError);
    }

    [Fact]
    public async Task A_key_that_does_not_leave_its_holder_signs_by_callback()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Ct);
        var creds = server.Operator!.LinkCreds();
        using var key = NKeyPair.FromSeed(creds.Seed);
        await using var connection = server.Connection(o => o with
        {
            AuthOpts = new() { AuthCredCallback = (_, _) => new(NatsAuthCred.FromJwt(creds.Jwt, nonce => key.Sign(nonce.Span))) },
        });

        await connection.ConnectAsync(Ct);

        Assert.Equal(NatsConnectionState.Open, connection.ConnectionState);
    }

    [Fact]
    public async Task A_bearer_token_needs_no_key_and_another_token_without_key_is_refused()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Ct);
        await using var bearer = server.Connection(o => o with { AuthOpts = new() { Jwt = server.Operator!.LinkCreds(new UserData { BearerToken = true }).Jwt } });
        await using var keyless = server.Connection(o => o with { AuthOpts = new() { Jwt = server.Operator!.LinkCreds().Jwt } });

        await bearer.ConnectAsync(Ct);

        Assert.True((await Assert.ThrowsAsync<NatsServerException>(async () => await keyless.ConnectAsync(Ct))).IsAuthError);
    }

    [Fact]
    public async Task A_shared_token_is_sent()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { ExtraConfiguration = "authorization { token: s3cret }" }, Ct);
        await using var connection = server.Connection(o => o with { AuthOpts = new() { Token = "s3cret" } });

        await connection.ConnectAsync(Ct);

        Assert.True(connection.ServerInfo!.AuthRequired);
    }

    [Fact]
    public async Task A_callback_that_fails_is_a_failed_connect()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection(o => o with { AuthOpts = new() { AuthCredCallback = (_, _) => throw new InvalidOperationException("no session") } });

        var failed = await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await connection.ConnectAsync(Ct));

        Assert.IsType<InvalidOperationException>(failed.InnerException);
    }
}
