using System.Buffers.Text;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Bowline.Core.Identity;
using Bowline.Nats.NKeys;

namespace Bowline.Hub.Tests.Support;

/// <summary>A device as a hub sees it, written from the protocol's text and not from the node's code.</summary>
internal sealed class TestDevice(HubFixture hub, DeviceKey key) : IDisposable
{
    public DeviceId Id => key.Id;

    public DeviceKey Key => key;

    /// <summary>The user key of this device's link.</summary>
    public NKeyPair User { get; } = NKeyPair.Create(NKeyType.User);

    public async Task<HttpResponseMessage> ChallengeAsync(string code) => await hub.Http.PostAsJsonAsync(
        "/api/enrolments/challenge", new { code, deviceId = Id.ToString() }, TestContext.Current.CancellationToken);

    public async Task<HttpResponseMessage> EnrolAsync(string code, string machineName = "desk")
    {
        var response = await ChallengeAsync(code);
        if (!response.IsSuccessStatusCode)
        {
            return response;
        }

        var challenge = await HubFixture.JsonAsync(response);
        response.Dispose();
        return await EnrolAsync(code, challenge.GetProperty("challenge").GetString()!, challenge.GetProperty("hubId").GetString()!, machineName);
    }

    public async Task<HttpResponseMessage> EnrolAsync(string code, string challenge, string hubId, string machineName = "desk", DeviceKey? signer = null)
    {
        var signature = (signer ?? key).Sign(Encoding.UTF8.GetBytes($"bowline-enrol-v1\n{hubId}\n{challenge}\n{Id}"));
        return await hub.Http.PostAsJsonAsync(
            "/api/enrolments",
            new { code, deviceId = Id.ToString(), challenge, signature = Base64Url.EncodeToString(signature), machineName, version = "0.1.0" },
            TestContext.Current.CancellationToken);
    }

    /// <summary>A fresh device token, or one with the changes a test wants.</summary>
    public string Token(string? audience = null, DateTimeOffset? issued = null, TimeSpan? life = null, string? nonce = null, string? subject = null, string algorithm = "EdDSA")
    {
        var at = issued ?? hub.Time.GetUtcNow();
        var header = Part(new { alg = algorithm, typ = "JWT" });
        var claims = Part(new
        {
            sub = subject ?? Id.ToString(),
            aud = audience ?? hub.App.Url.GetLeftPart(UriPartial.Authority),
            iat = at.ToUnixTimeSeconds(),
            exp = (at + (life ?? TimeSpan.FromSeconds(60))).ToUnixTimeSeconds(),
            jti = nonce ?? Guid.NewGuid().ToString("n"),
        });
        return $"{header}.{claims}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes($"{header}.{claims}")))}";
    }

    public async Task<HttpResponseMessage> SessionAsync(string? token = null, object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/links/session")
        {
            Content = JsonContent.Create(body ?? new { publicKey = User.PublicKey, capabilities = Array.Empty<string>(), machineName = "desk", version = "0.1.0" }),
        };
        request.Headers.Authorization = new("Bearer", token ?? Token());
        return await hub.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The user token of a new link session.</summary>
    public async Task<string> CredentialsAsync()
    {
        using var response = await SessionAsync();
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return (await HubFixture.JsonAsync(response)).GetProperty("connection").GetProperty("credentials").GetString()!;
    }

    public async Task<ClientWebSocket> OpenBridgeAsync(string? token = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + (token ?? Token()));
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{hub.App.Url.Authority}/nats"), TestContext.Current.CancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A raw NATS conversation over the bridge.</summary>
    public async Task<RawNats> ConnectAsync(string? credentials = null) =>
        await RawNats.ConnectAsync(await OpenBridgeAsync(), credentials ?? await CredentialsAsync(), User);

    public void Dispose()
    {
        key.Dispose();
        User.Dispose();
    }

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
