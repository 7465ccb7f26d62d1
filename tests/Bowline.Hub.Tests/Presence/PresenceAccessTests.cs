using System.Diagnostics.Metrics;
using System.Net;
using Bowline.Hub.Accounts;
using Bowline.Hub.Store;
using Bowline.Hub.Tests.Support;

namespace Bowline.Hub.Tests.Presence;

public sealed class PresenceAccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_links_of_somebody_else_do_not_exist()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var stranger = Stranger(hub);
        foreach (var name in new[] { "desk", device.Id.ToString() })
        {
            await IsMissingAsync(stranger, HttpMethod.Get, $"/api/links/{name}");
            await IsMissingAsync(stranger, HttpMethod.Post, $"/api/links/{name}/ping");
            await IsMissingAsync(stranger, HttpMethod.Post, $"/api/links/{name}/disconnect");
            await IsMissingAsync(stranger, HttpMethod.Delete, $"/api/links/{name}");
        }

        using var list = await stranger.GetAsync("/api/links", Token);
        Assert.Equal("[]", await list.Content.ReadAsStringAsync(Token));
        using var mine = await stranger.GetAsync("/api/links/me", Token);
        Assert.Equal("null", await mine.Content.ReadAsStringAsync(Token));
        using var owner = hub.Operator();
        using var still = await owner.GetAsync("/api/links/desk", Token);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task The_stream_of_one_person_says_nothing_of_anothers_links()
    {
        await using var hub = await HubFixture.StartAsync();
        using var stranger = Stranger(hub);
        await using var events = await LinkEvents.OpenAsync(stranger);
        using var device = await hub.EnrolAsync();
        await using var node = await TestNode.StartAsync(hub, device);
        using var owner = hub.Operator();
        using var ping = await owner.PostAsync("/api/links/desk/ping", null, Token);
        Assert.Equal("online", (await HubFixture.JsonAsync(ping)).GetProperty("state").GetString());
        var names = new List<string>();
        while (names.Count < 3)
        {
            names.Add((await events.NextAsync())!.Value.Name);
        }

        Assert.Equal(["snapshot", "beat", "beat"], names);
    }

    [Fact]
    public async Task The_stream_begins_with_all_links_and_beats_though_links_change()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        await using var node = await TestNode.StartAsync(hub, device);
        using var client = hub.Operator();
        await using var events = await LinkEvents.OpenAsync(client);
        var (name, data) = (await events.NextAsync())!.Value;
        Assert.Equal(("snapshot", "desk"), (name, data.GetProperty("links")[0].GetProperty("name").GetString()));
        await events.UntilAsync("online");
        await events.UntilAsync("beat", b => b.GetProperty("at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task A_token_that_may_only_read_sees_and_pings_but_ends_nothing()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var reader = hub.Client();
        reader.DefaultRequestHeaders.Authorization = new("Bearer", hub.Get<ApiTokenStore>().Create(hub.Get<AccountStore>().EnsureAdministrator().Id, "reader", Scopes.Read, null).Text);
        using var ping = await reader.PostAsync("/api/links/desk/ping", null, Token);
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
        using var disconnect = await reader.PostAsync("/api/links/desk/disconnect", null, Token);
        await HubFixture.IsProblemAsync(disconnect, 403, "forbidden");
        using var revoke = await reader.DeleteAsync("/api/links/desk", Token);
        await HubFixture.IsProblemAsync(revoke, 403, "forbidden");
    }

    [Fact]
    public async Task Links_by_state_and_the_time_of_probes_are_measured()
    {
        await using var hub = await HubFixture.StartAsync();
        var probes = 0;
        var states = new Dictionary<string, int>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == Telemetry.Name)
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Interlocked.Add(ref probes, seconds >= 0 ? 1 : 0));
        listener.SetMeasurementEventCallback<int>((_, count, tags, _) => states[(string)tags[0].Value!] = count);
        listener.Start();
        using var device = await hub.EnrolAsync();
        await using var node = await TestNode.StartAsync(hub, device);
        using var client = hub.Operator();
        using var ping = await client.PostAsync("/api/links/desk/ping", null, Token);
        listener.RecordObservableInstruments();
        Assert.True(Volatile.Read(ref probes) > 0);
        Assert.Equal(["offline", "online", "unknown"], states.Keys.Order(StringComparer.Ordinal));
        Assert.True(states["online"] > 0);
    }

    private static HttpClient Stranger(HubFixture hub)
    {
        hub.Get<HubDatabase>().Write(db => db.Execute(
            "INSERT INTO accounts (id, name, role, created_at) VALUES ('stranger', 'stranger', 'member', $now)", ("now", hub.Time.GetUtcNow())));
        var client = hub.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", hub.Get<ApiTokenStore>().Create("stranger", "cli", Scopes.All, null).Text);
        return client;
    }

    private static async Task IsMissingAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await client.SendAsync(request, Token);
        await HubFixture.IsProblemAsync(response, 404, "not_found");
    }
}
