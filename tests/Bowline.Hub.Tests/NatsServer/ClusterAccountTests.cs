using System.Text.Json;
using Bowline.Hub.Links;
using Bowline.Hub.NatsServer;
using Bowline.Nats;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;
using Bowline.Testing.NatsServers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Hub.Tests.NatsServer;

/// <summary>Changing the account's token against a resolver that the test plays, so that the order of things is the test's.</summary>
public sealed class ClusterAccountTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bowline-account-").FullName;
    private readonly NKeyPair _operator = NKeyPair.Create(NKeyType.Operator);
    private readonly NKeyPair _account = NKeyPair.Create(NKeyType.Account);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_push_that_lands_between_look_up_and_push_is_the_new_base()
    {
        await using var stage = await StageAsync();
        stage.OnLookup = async lookup =>
        {
            if (lookup == 1)
            {
                // The answer to the hub is old when it arrives.
                var old = stage.Current;
                await stage.PushAsync(Claims("UBETWEEN"));
                return old;
            }

            return stage.Current;
        };
        await stage.Account.SendAsync(Revoked("UOURS"), Token);
        Assert.Equal(["UBETWEEN", "UOURS"], Keys(stage.Current).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_resolver_that_refuses_or_forgets_is_a_failure()
    {
        await using var stage = await StageAsync();
        stage.Refuses = true;
        var refused = await Assert.ThrowsAsync<NatsException>(() => stage.Account.SendAsync(Revoked("UOURS"), Token));
        Assert.Contains("refused", refused.Message, StringComparison.Ordinal);

        stage.Refuses = false;
        var start = stage.Current;
        stage.OnLookup = _ => Task.FromResult(start);
        await Assert.ThrowsAsync<NatsException>(() => stage.Account.SendAsync(Revoked("UOURS"), Token));
    }

    [Fact]
    public async Task A_token_of_a_strange_operator_is_never_signed()
    {
        await using var stage = await StageAsync();
        using var stranger = NKeyPair.Create(NKeyType.Operator);
        stage.Current = NatsJwt.Encode(new AccountClaims { Subject = _account.PublicKey, Name = "links" }, stranger, TimeProvider.System);
        var strange = stage.Current;
        var error = await Assert.ThrowsAsync<NatsException>(() => stage.Account.SendAsync(Revoked("UOURS"), Token));
        Assert.Contains(stranger.PublicKey, error.Message, StringComparison.Ordinal);
        Assert.Equal(strange, stage.Current);
    }

    public void Dispose()
    {
        _operator.Dispose();
        _account.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static RevokedUsers Revoked(string key) => new(new Dictionary<string, long> { [key] = 1_900_000_000 }, []);

    private static IEnumerable<string> Keys(string token) => NatsJwt.DecodeAccount(token).Account!.Revocations?.Keys ?? [];

    private string Claims(params string[] revoked) => NatsJwt.Encode(
        new AccountClaims { Subject = _account.PublicKey, Name = "links", Account = new AccountData { Revocations = revoked.ToDictionary(k => k, _ => 1L) } }, _operator, TimeProvider.System);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private async Task<Stage> StageAsync()
    {
        using var user = NKeyPair.Create(NKeyType.User);
        var creds = new NatsCreds(NatsJwt.Encode(new UserClaims { Subject = user.PublicKey, Name = "x" }, _account, TimeProvider.System), user.Seed);

        // Outside of the system account its subjects are subjects like any other.
        var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Token);
        var users = server.Operator!;
        var options = new HubNatsOptions
        {
            Url = new Uri(server.Url),
            HubCredsFile = "",
            LinkCredsFile = "",
            LinkSigningKeyFile = "",
            SystemCredsFile = Write("system.creds", users.HubCreds().Format()),
            OperatorSigningKeyFile = Write("operator.nk", _operator.Seed),
        };
        var operatorToken = NatsJwt.Encode(new OperatorClaims { Subject = _operator.PublicKey, Name = "o" }, _operator, TimeProvider.System);
        var stage = new Stage(server, await NatsDial.ConnectAsync(options.Url, users.HubCreds(), Token), _account.PublicKey, operatorToken)
        {
            Current = Claims(),
            Account = new ClusterAccount(options, _account.PublicKey, () => creds, TimeProvider.System, NullLoggerFactory.Instance),
        };
        await stage.ServeAsync();
        await stage.Account.StartAsync(() => { }, Token);
        stage.Lookups = 0;
        return stage;
    }

    /// <summary>A resolver with one account.</summary>
    private sealed class Stage(NatsServerProcess server, NatsConnection connection, string account, string operatorToken) : IAsyncDisposable
    {
        private readonly List<Task> _serving = [];

        public required ClusterAccount Account { get; init; }

        public required string Current { get; set; }

        public bool Refuses { get; set; }

        public int Lookups { get; set; }

        public Func<int, Task<string>>? OnLookup { get; set; }

        /// <summary>What another program does: everybody who listens sees it, and the resolver takes it.</summary>
        public async Task PushAsync(string token)
        {
            Current = token;
            await connection.PublishAsync($"$SYS.REQ.ACCOUNT.{account}.CLAIMS.UPDATE", token, replyTo: "nobody", cancellationToken: Token);
        }

        public async Task ServeAsync()
        {
            await OnAsync("$SYS.REQ.SERVER.PING.VARZ", _ => Task.FromResult($$$"""{"data":{"trusted_operators_jwt":["{{{operatorToken}}}"]}}"""));
            await OnAsync($"$SYS.REQ.ACCOUNT.{account}.CLAIMS.LOOKUP", _ => OnLookup?.Invoke(++Lookups) ?? Task.FromResult(Current));
            await OnAsync($"$SYS.REQ.ACCOUNT.{account}.CLAIMS.UPDATE", token =>
            {
                Current = Refuses ? Current : token;
                return Task.FromResult(JsonSerializer.Serialize(new { data = new { code = Refuses ? 500 : 200 } }));
            });
        }

        public async ValueTask DisposeAsync()
        {
            await Account.DisposeAsync();
            await connection.DisposeAsync();
            await Task.WhenAll(_serving);
            await server.DisposeAsync();
        }

        private async Task OnAsync(string subject, Func<string, Task<string>> answer)
        {
            var sub = await connection.SubscribeCoreAsync<string>(subject, cancellationToken: Token);
            _serving.Add(Serve());

            async Task Serve()
            {
                await foreach (var msg in sub.Msgs.ReadAllAsync(Token))
                {
                    if (msg.ReplyTo is { } reply && reply != "nobody")
                    {
                        await connection.PublishAsync(reply, await answer(msg.Data ?? ""), cancellationToken: Token);
                    }
                }
            }
        }
    }
}
