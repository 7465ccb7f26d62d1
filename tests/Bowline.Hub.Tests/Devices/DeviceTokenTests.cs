using System.Net;
using Bowline.Core.Identity;
using Bowline.Hub.Devices;
using Bowline.Hub.Tests.Support;
using Bowline.Testing.Fuzzing;

namespace Bowline.Hub.Tests.Devices;

public sealed class DeviceTokenTests
{
    [Fact]
    public async Task A_token_is_good_once()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        var token = device.Token();
        using (var first = await device.SessionAsync(token))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        }

        using var replay = await device.SessionAsync(token);
        await HubFixture.IsProblemAsync(replay, 401, "token_replayed");
    }

    [Fact]
    public async Task Tokens_for_another_hub_too_old_too_long_or_forged_are_refused()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var other = await hub.EnrolAsync();
        var now = hub.Time.GetUtcNow();
        (string Token, string Code)[] cases =
        [
            (device.Token(audience: "https://evil.example"), "token_invalid"),
            (device.Token(audience: "http://127.0.0.1:1"), "token_invalid"),
            (device.Token(issued: now - TimeSpan.FromMinutes(3)), "token_expired"),
            (device.Token(issued: now + TimeSpan.FromMinutes(3)), "token_expired"),
            (device.Token(life: TimeSpan.FromHours(1)), "token_expired"),
            (device.Token(subject: other.Id.ToString()), "token_invalid"),
            (device.Token(algorithm: "none"), "token_invalid"),
            (device.Token(nonce: ""), "token_invalid"),
            (device.Token(nonce: new string('n', 65)), "token_invalid"),
            (device.Token()[..^4] + "AAAA", "token_invalid"),
            ("a.b.c", "token_invalid"),
            (new string('x', 5000), "token_invalid"),
        ];
        foreach (var (token, code) in cases)
        {
            using var response = await device.SessionAsync(token);
            await HubFixture.IsProblemAsync(response, 401, code);
        }
    }

    [Fact]
    public async Task An_unenrolled_device_and_a_revoked_one_are_told_the_same()
    {
        await using var hub = await HubFixture.StartAsync();
        using var stranger = new TestDevice(hub, DeviceKey.Create());
        using var revoked = await hub.EnrolAsync();
        Assert.Equal(RevocationEffect.AtOnce, await hub.Get<DeviceRevocation>().RevokeAsync(revoked.Id, "test", "here"));
        foreach (var device in new[] { stranger, revoked })
        {
            using var response = await device.SessionAsync();
            await HubFixture.IsProblemAsync(response, 401, "device_unknown");
        }
    }

    [Fact]
    public async Task A_device_may_not_do_what_a_person_may()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/invites"), (HttpMethod.Get, "/api/audit"), (HttpMethod.Get, "/api/account"), (HttpMethod.Post, "/api/tokens") })
        {
            using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new("Bearer", device.Token()) } };
            request.Content = method == HttpMethod.Post ? System.Net.Http.Json.JsonContent.Create(new { }) : null;
            using var response = await hub.Http.SendAsync(request, TestContext.Current.CancellationToken);
            await HubFixture.IsProblemAsync(response, 403, "forbidden");
        }
    }

    [Fact]
    public void The_nonce_cache_is_bounded_and_forgets_only_what_has_expired()
    {
        var time = new ManualTime();
        var cache = new NonceCache(time, perDevice: 2, total: 3);
        var until = time.GetUtcNow() + TimeSpan.FromSeconds(90);
        Assert.Equal(NonceVerdict.Fresh, cache.Use("a", "1", until));
        Assert.Equal(NonceVerdict.Replayed, cache.Use("a", "1", until));
        Assert.Equal(NonceVerdict.Fresh, cache.Use("a", "2", until));
        Assert.Equal(NonceVerdict.Full, cache.Use("a", "3", until));
        Assert.Equal(NonceVerdict.Fresh, cache.Use("b", "1", until));
        Assert.Equal(NonceVerdict.Full, cache.Use("c", "1", until));
        time.Advance(TimeSpan.FromSeconds(91));
        Assert.Equal(NonceVerdict.Fresh, cache.Use("c", "1", until));
        Assert.Equal(NonceVerdict.Fresh, cache.Use("a", "3", until));
    }

    [Fact]
    [Trait(FuzzRun.Kind, FuzzRun.Name)]
    public void Random_and_mutated_tokens_are_refused_without_an_exception()
    {
        var random = FuzzRun.Random(20261121);
        using var key = DeviceKey.Create();
        var valid = Sample(key);
        Assert.True(DeviceToken.TryRead(valid, out _));
        for (var i = 0; i < FuzzRun.Rounds(20_000); i++)
        {
            var text = valid.ToCharArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                text[random.Next(text.Length)] = (char)random.Next(1, 128);
            }

            var mutated = new string(text);
            Assert.False(mutated != valid && DeviceToken.TryRead(mutated, out _), mutated);
            Assert.False(DeviceToken.TryRead(valid[..random.Next(valid.Length)], out _));
        }
    }

    private static string Sample(DeviceKey key)
    {
        static string Part(string json) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(json));
        var head = Part("""{"alg":"EdDSA","typ":"JWT"}""") + "." + Part($$"""{"sub":"{{key.Id}}","aud":"http://hub","iat":1700000000,"exp":1700000060,"jti":"n"}""");
        return head + "." + System.Buffers.Text.Base64Url.EncodeToString(key.Sign(System.Text.Encoding.ASCII.GetBytes(head)));
    }
}
