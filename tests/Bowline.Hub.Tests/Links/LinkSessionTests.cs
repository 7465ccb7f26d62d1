using System.Net;
using Bowline.Hub.Links;
using Bowline.Hub.Tests.Support;
using Bowline.Nats.Jwt;

namespace Bowline.Hub.Tests.Links;

public sealed class LinkSessionTests
{
    [Fact]
    public async Task A_session_names_the_hub_and_carries_a_token_for_exactly_this_device()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var response = await device.SessionAsync();
        var json = await HubFixture.JsonAsync(response);
        Assert.Equal($"ws://{hub.App.Url.Authority}/nats", json.GetProperty("connection").GetProperty("urls")[0].GetString());
        Assert.Equal(device.Id + ".link", json.GetProperty("tunnelHostname").GetString());
        Assert.Equal("tunnel.v2", json.GetProperty("protocols")[0].GetString());
        var claims = NatsJwt.DecodeUser(json.GetProperty("connection").GetProperty("credentials").GetString()!);
        Assert.Equal(device.User.PublicKey, claims.Subject);
        Assert.Equal(json.GetProperty("expiresAt").GetDateTimeOffset().ToUnixTimeSeconds(), claims.Expires!.Value.ToUnixTimeSeconds());
        Assert.InRange(claims.Expires.Value - hub.Time.GetUtcNow(), TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        Assert.Equal(
            [$"tunnel.v2.{device.Id}.reply.*", $"tunnel.v1.host.{Host(device)}.req.*.reply", $"runs.{device.Id}.in", $"links.{device.Id}.here"],
            claims.User!.Publish!.Allow!);
        Assert.Equal(
            [$"tunnel.v2.{device.Id}.open", $"tunnel.v2.{device.Id}.in.>", $"tunnel.v1.host.{Host(device)}.request", $"tunnel.v1.host.{Host(device)}.req.*.body", $"tunnel.v1.host.{Host(device)}.req.*.abort", $"_INBOX.{device.Id}.>"],
            claims.User.Subscribe!.Allow!);
        Assert.Equal(LinkPermissions.MaxSubscriptions, claims.User.Subscriptions);
        Assert.Equal(LinkPermissions.MaxPayload, claims.User.Payload);
        Assert.Null(claims.User.Responses);
    }

    [Fact]
    public async Task A_caller_without_a_key_gets_credentials_with_a_fresh_seed()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var response = await device.SessionAsync(body: new { capabilities = Array.Empty<string>() });
        var text = (await HubFixture.JsonAsync(response)).GetProperty("connection").GetProperty("credentials").GetString()!;
        var creds = NatsCreds.Parse(text);
        Assert.StartsWith("SU", creds.Seed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nonsense_in_the_request_is_refused()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var other = await hub.EnrolAsync();
        using (var taken = await other.SessionAsync())
        {
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        }

        object[] bodies =
        [
            new { publicKey = "UABC" },
            new { publicKey = device.User.Seed },
            new { publicKey = other.User.PublicKey },
            new { machineName = new string('x', 65) },
            new { machineName = "a\nb" },
            new { capabilities = Enumerable.Repeat("c", 33) },
        ];
        foreach (var body in bodies)
        {
            using var response = await device.SessionAsync(body: body);
            await HubFixture.IsProblemAsync(response, 400, "bad_request");
        }
    }

    [Fact]
    public async Task Sessions_are_limited_per_device()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        for (var i = 0; i < 20; i++)
        {
            using var response = await device.SessionAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        using var refused = await device.SessionAsync();
        await HubFixture.IsProblemAsync(refused, 429, "too_many");
    }

    [Fact]
    public async Task Without_nats_a_session_is_unavailable_and_says_nothing_of_how_links_work()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        await hub.Get<Bowline.Hub.NatsServer.EmbeddedNats>().StopAsync(TestContext.Current.CancellationToken);
        using var response = await device.SessionAsync();
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await HubFixture.IsProblemAsync(response, 503, "link_session_unavailable");
        Assert.Contains("link session unavailable", text, StringComparison.Ordinal);
        Assert.DoesNotContain("nats", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("tunnel.", text, StringComparison.OrdinalIgnoreCase);
        using var health = await hub.Http.GetAsync("/healthz", TestContext.Current.CancellationToken);
        Assert.Equal("failing", (await HubFixture.JsonAsync(health)).GetProperty("status").GetString());
    }

    private static string Host(TestDevice device) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(device.Id + ".link"));
}
