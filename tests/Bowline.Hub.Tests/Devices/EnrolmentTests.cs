using System.Net;
using Bowline.Core.Identity;
using Bowline.Hub.Audit;
using Bowline.Hub.Devices;
using Bowline.Hub.Tests.Support;

namespace Bowline.Hub.Tests.Devices;

public sealed class EnrolmentTests
{
    [Fact]
    public async Task A_code_enrols_one_device_once()
    {
        await using var hub = await HubFixture.StartAsync();
        var code = await hub.InviteAsync();
        using var first = new TestDevice(hub, DeviceKey.Create());
        using var second = new TestDevice(hub, DeviceKey.Create());

        // The second device gets its challenge while the code is still good, and loses the race.
        using var early = await second.ChallengeAsync(code);
        var challenge = await HubFixture.JsonAsync(early);
        using var enrolled = await first.EnrolAsync(code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        var body = await HubFixture.JsonAsync(enrolled);
        Assert.Equal("desk", body.GetProperty("slug").GetString());
        Assert.Equal("test hub", body.GetProperty("hubName").GetString());
        using var late = await second.EnrolAsync(code, challenge.GetProperty("challenge").GetString()!, challenge.GetProperty("hubId").GetString()!);
        await HubFixture.IsProblemAsync(late, 401, "code_invalid");
        using var again = await first.ChallengeAsync(code);
        await HubFixture.IsProblemAsync(again, 401, "code_invalid");
        Assert.Contains(hub.Get<AuditLog>().Read(10), e => e.Action == "device.enrolled");
    }

    [Fact]
    public async Task Of_many_devices_racing_for_one_code_exactly_one_wins()
    {
        await using var hub = await HubFixture.StartAsync();
        var code = await hub.InviteAsync();
        var service = hub.Get<EnrolmentService>();
        var hubId = hub.Get<Bowline.Hub.Store.HubIdentity>().Id;
        var requests = Enumerable.Range(0, 8).Select(_ =>
        {
            using var key = DeviceKey.Create();
            var challenge = service.Challenge(new ChallengeRequest(code, key.Id.ToString())).Response!.Challenge;
            var signature = key.Sign(System.Text.Encoding.UTF8.GetBytes($"bowline-enrol-v1\n{hubId}\n{challenge}\n{key.Id}"));
            return new EnrolmentRequest(code, key.Id.ToString(), challenge, System.Buffers.Text.Base64Url.EncodeToString(signature), "desk", "1");
        }).ToArray();
        var results = await Task.WhenAll(requests.Select(r => Task.Run(() => service.Enrol(r, "here").Response)));
        Assert.Single(results, r => r is not null);
    }

    [Fact]
    public async Task Unknown_used_and_expired_codes_look_alike()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = new TestDevice(hub, DeviceKey.Create());
        var used = await hub.InviteAsync();
        using (await device.EnrolAsync(used))
        {
        }

        var expired = await hub.InviteAsync();
        hub.Time.Advance(TimeSpan.FromMinutes(10));
        var bodies = new HashSet<string>(StringComparer.Ordinal);
        foreach (var code in new[] { used, expired, "AAAA-BBBB-CCCC", "", "no code at all" })
        {
            using var response = await device.ChallengeAsync(code);
            await HubFixture.IsProblemAsync(response, 401, "code_invalid");
            bodies.Add((await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\"traceId\"")[0]);
        }

        Assert.Single(bodies);
    }

    [Fact]
    public async Task A_challenge_is_bound_to_its_code_its_device_and_its_time()
    {
        await using var hub = await HubFixture.StartAsync();
        var code = await hub.InviteAsync();
        var other = await hub.InviteAsync();
        using var device = new TestDevice(hub, DeviceKey.Create());
        using var thief = new TestDevice(hub, DeviceKey.Create());
        using var response = await device.ChallengeAsync(code);
        var json = await HubFixture.JsonAsync(response);
        var (challenge, hubId) = (json.GetProperty("challenge").GetString()!, json.GetProperty("hubId").GetString()!);
        using (var stolen = await thief.EnrolAsync(code, challenge, hubId))
        {
            await HubFixture.IsProblemAsync(stolen, 401, "code_invalid");
        }

        using (var otherCode = await device.EnrolAsync(other, challenge, hubId))
        {
            await HubFixture.IsProblemAsync(otherCode, 401, "code_invalid");
        }

        using (var forged = await device.EnrolAsync(code, challenge, hubId, signer: thief.Key))
        {
            await HubFixture.IsProblemAsync(forged, 401, "code_invalid");
        }

        using (var otherHub = await device.EnrolAsync(code, challenge, "hub-other"))
        {
            await HubFixture.IsProblemAsync(otherHub, 401, "code_invalid");
        }

        hub.Time.Advance(Challenges.Life);
        using var late = await device.EnrolAsync(code, challenge, hubId);
        await HubFixture.IsProblemAsync(late, 401, "code_invalid");
    }

    [Fact]
    public async Task Guesses_are_limited_per_address()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = new TestDevice(hub, DeviceKey.Create());
        for (var i = 0; i < 10; i++)
        {
            using var guess = await device.ChallengeAsync("AAAA-BBBB-CCC" + (char)('A' + i));
            Assert.Equal(HttpStatusCode.Unauthorized, guess.StatusCode);
        }

        using var refused = await device.ChallengeAsync("AAAA-BBBB-DDDD");
        await HubFixture.IsProblemAsync(refused, 429, "too_many");
    }

    [Fact]
    public async Task Machines_of_one_name_get_names_of_their_own_and_a_revoked_one_frees_its_name()
    {
        await using var hub = await HubFixture.StartAsync();
        using var a = await hub.EnrolAsync("Desk");
        using var b = await hub.EnrolAsync("desk.local");
        var store = hub.Get<DeviceStore>();
        Assert.Equal("desk", store.Find(a.Id)!.Slug);
        Assert.Equal("desk-2", store.Find(b.Id)!.Slug);
        Assert.Equal(RevocationEffect.AtOnce, await hub.Get<DeviceRevocation>().RevokeAsync(a.Id, "test", "here"));
        using var c = await hub.EnrolAsync("desk");
        Assert.Equal("desk", store.Find(c.Id)!.Slug);
    }

    [Fact]
    public async Task A_node_can_leave_and_join_again()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using (var request = new HttpRequestMessage(HttpMethod.Delete, "/api/enrolments/me") { Headers = { Authorization = new("Bearer", device.Token()) } })
        {
            using var left = await hub.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        }

        using (var refused = await device.SessionAsync())
        {
            await HubFixture.IsProblemAsync(refused, 401, "device_unknown");
        }

        using var back = await device.EnrolAsync(await hub.InviteAsync());
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        using var session = await device.SessionAsync();
        Assert.Equal(HttpStatusCode.OK, session.StatusCode);
    }

    [Theory]
    [InlineData("Ana's Desk.local", "ana-s-desk")]
    [InlineData("--web--box--", "web-box")]
    [InlineData("机器", "node")]
    [InlineData("", "node")]
    public void Slugs_fit_a_host_label(string machine, string slug) => Assert.Equal(slug, Slug.From(machine));

    [Fact]
    public void A_slug_never_outgrows_its_length()
    {
        var slug = Slug.From(new string('x', 100));
        Assert.Equal(Slug.MaxLength, slug.Length);
        var taken = new HashSet<string>(StringComparer.Ordinal) { slug };
        for (var i = 0; i < 20; i++)
        {
            var next = Slug.Unique(slug, taken.Contains);
            Assert.True(next.Length <= Slug.MaxLength);
            Assert.True(taken.Add(next));
        }
    }
}
