using System.Net;
using Bowline.Core.Health;
using Bowline.Hub.Audit;
using Bowline.Hub.Devices;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Tests.Support;
using Bowline.Nats;
using Bowline.Nats.Jwt;

namespace Bowline.Hub.Tests.NatsServer;

/// <summary>Revoking nodes that are connected to an operator's own cluster directly.</summary>
public sealed class ClusterRevocationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revoked_node_on_a_direct_address_is_cut_within_a_second_and_stays_out(bool fullResolver)
    {
        await using var cluster = await Cluster.StartAsync(fullResolver);
        var folder = Directory.CreateTempSubdirectory("bowline-hub-").FullName;
        NatsCreds revoked;
        var hub = await HubFixture.StartAsync(folder, o => o.Nats = cluster.Options());
        using (var device = await hub.EnrolAsync())
        using (var other = await hub.EnrolAsync())
        {
            await using var direct = await cluster.ConnectAsync(device);
            await using var bystander = await cluster.ConnectAsync(other);
            revoked = direct.Creds;
            var start = TimeProvider.System.GetTimestamp();
            using var operatorClient = hub.Operator();
            using var response = await operatorClient.DeleteAsync($"/api/links/{device.Id}", Token);
            await direct.CutAsync();
            var taken = TimeProvider.System.GetElapsedTime(start);
            TestContext.Current.TestOutputHelper?.WriteLine($"cut after {taken.TotalMilliseconds:0} ms");
            Assert.True(taken < TimeSpan.FromSeconds(1), $"It was cut after {taken.TotalMilliseconds:0} ms.");
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            await bystander.Connection.PingAsync(Token);
            Assert.Equal(NatsConnectionState.Open, bystander.Connection.ConnectionState);
            await Assert.ThrowsAsync<NatsServerException>(() => NatsDial.ConnectAsync(new Uri(cluster.Server.Url), revoked, Token));
        }

        await hub.StopAsync();
        await using var again = await HubFixture.StartAsync(folder, o => o.Nats = cluster.Options());
        await Assert.ThrowsAsync<NatsServerException>(() => NatsDial.ConnectAsync(new Uri(cluster.Server.Url), revoked, Token));

        // A server that keeps accounts in memory forgets what was pushed; the hub tells it again.
        await cluster.Server.RestartAsync(Token);
        await cluster.RefusesAsync(revoked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_somebody_else_pushed_before_and_pushes_later_is_kept_and_so_is_the_revocation(bool fullResolver)
    {
        await using var cluster = await Cluster.StartAsync(fullResolver);
        await using var system = await cluster.SystemAsync();
        await using var hub = await HubFixture.StartAsync(o => o.Nats = cluster.Options());
        await ClaimsApi.UpdateAsync(system, cluster.Account, cluster.Keys.LinksAccountToken(new Dictionary<string, long> { ["UFOREIGN"] = 1 }), Token);
        using var device = await hub.EnrolAsync();
        await using var direct = await cluster.ConnectAsync(device);
        Assert.Equal(RevocationEffect.AtOnce, await hub.Get<DeviceRevocation>().RevokeAsync(device.Id, "test", "here"));
        Assert.Equivalent(new[] { "UFOREIGN", device.User.PublicKey }, await RevokedAsync(system, cluster), strict: true);

        // An operator's tool pushes what it has in its own store, which knows nothing of the hub's list.
        await using var pushed = await system.SubscribeCoreAsync<string>($"$SYS.REQ.ACCOUNT.{cluster.Account}.CLAIMS.UPDATE", cancellationToken: Token);
        await ClaimsApi.UpdateAsync(system, cluster.Account, cluster.Keys.LinksAccountToken(new Dictionary<string, long> { ["ULATER"] = 2 }), Token);
        await pushed.Msgs.ReadAsync(Token);
        var answer = NatsJwt.DecodeAccount((await pushed.Msgs.ReadAsync(Token)).Data!);
        Assert.Equivalent(new[] { "ULATER", device.User.PublicKey }, answer.Account!.Revocations!.Keys, strict: true);
        await cluster.RefusesAsync(direct.Creds);
    }

    [Fact]
    public async Task A_push_that_fails_is_said_and_made_up_for()
    {
        await using var cluster = await Cluster.StartAsync(fullResolver: false);
        await using var hub = await HubFixture.StartAsync(o => o.Nats = cluster.Options());
        using var device = await hub.EnrolAsync();
        await using var direct = await cluster.ConnectAsync(device);
        await cluster.Server.KillAsync(Token);
        await direct.CutAsync();
        using var client = hub.Operator();
        using var response = await client.DeleteAsync($"/api/links/{device.Id}", Token);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("revocation-not-pushed", Assert.Single(hub.Get<HealthTracker>().Visible).Code);
        Assert.Contains(hub.Get<AuditLog>().Read(5), e => e.Action == "device.revocation_not_pushed" && e.Subject == device.Id.ToString());

        await cluster.Server.RestartAsync(Token);
        await cluster.RefusesAsync(direct.Creds);
        await hub.Get<INatsBackend>().PushRevocationsAsync(Token); // Waits for its turn behind the one that was made up for.
        Assert.Empty(hub.Get<HealthTracker>().Visible);
    }

    [Fact]
    public async Task Without_the_keys_everybody_is_told_when_it_is_effective()
    {
        await using var cluster = await Cluster.StartAsync(fullResolver: false);
        await using var hub = await HubFixture.StartAsync(o => o.Nats = cluster.Options(withSystem: false));
        using var device = await hub.EnrolAsync();
        await using var node = await cluster.ConnectAsync(device);
        using var client = hub.Operator();
        Assert.Contains("effective within 15 minutes", await client.GetStringAsync("/", Token), StringComparison.Ordinal);
        using var response = await client.DeleteAsync("/api/links/desk", Token);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var told = await HubFixture.JsonAsync(response);
        Assert.Equal(900, told.GetProperty("effectiveWithinSeconds").GetInt32());
        Assert.Equal("effective within 15 minutes", told.GetProperty("message").GetString());
        await node.Connection.PingAsync(Token);

        // The console's own button comes back to a page that says it.
        using var second = await hub.EnrolAsync("two");
        using var post = await client.PostAsync($"/console/links/{second.Id}/revoke", null, Token);
        Assert.Equal(HttpStatusCode.Redirect, post.StatusCode);
        Assert.Contains("effective within 15 minutes", await client.GetStringAsync(post.Headers.Location, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_keys_the_page_promises_a_second()
    {
        await using var cluster = await Cluster.StartAsync(fullResolver: false);
        await using var hub = await HubFixture.StartAsync(o => o.Nats = cluster.Options());
        using var device = await hub.EnrolAsync();
        using var client = hub.Operator();
        var page = await client.GetStringAsync("/", Token);
        Assert.Contains("within a second", page, StringComparison.Ordinal);
        Assert.DoesNotContain("15 minutes", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("partner", "--nats-system-creds needs --nats-operator-signing-key")]
    [InlineData("other partner", "--nats-operator-signing-key needs --nats-system-creds")]
    [InlineData("missing", "does not exist")]
    [InlineData("key type", "The seed is of type Account, not Operator")]
    [InlineData("no key", "no file with an operator's signing seed")]
    [InlineData("mode", "chmod 600")]
    [InlineData("foreign operator", "is no signing key of the operator")]
    [InlineData("other account", "another account than the system account")]
    [InlineData("foreign user", "does not take")]
    public async Task A_mistake_in_the_keys_stops_the_start_and_is_named(string mistake, string message)
    {
        await using var cluster = await Cluster.StartAsync(fullResolver: true);
        await using var other = await Cluster.StartAsync(fullResolver: true);
        var options = cluster.Options();
        switch (mistake)
        {
            case "partner":
                options.OperatorSigningKeyFile = null;
                break;
            case "other partner":
                options.SystemCredsFile = null;
                break;
            case "missing":
                options.OperatorSigningKeyFile += ".gone";
                break;
            case "key type":
                cluster.Write("operator.nk", cluster.Keys.LinksSigningKey.Seed);
                break;
            case "no key":
                cluster.Write("operator.nk", "nonsense");
                break;
            case "mode":
                File.SetUnixFileMode(options.OperatorSigningKeyFile!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
                break;
            case "foreign operator":
                cluster.Write("operator.nk", other.Keys.OperatorSigningKey.Seed);
                break;
            case "other account":
                cluster.Write("system.creds", cluster.Keys.LinkCreds().Format());
                break;
            default:
                cluster.Write("system.creds", other.Keys.SystemCreds().Format());
                break;
        }

        var error = await Assert.ThrowsAsync<HubException>(() => HubFixture.StartAsync(o => o.Nats = options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(cluster.Keys.OperatorSigningKey.Seed, error.Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyCollection<string>> RevokedAsync(NatsConnection system, Cluster cluster) =>
        [.. NatsJwt.DecodeAccount((await ClaimsApi.LookupAsync(system, cluster.Account, Token))!).Account!.Revocations?.Keys ?? []];
}
