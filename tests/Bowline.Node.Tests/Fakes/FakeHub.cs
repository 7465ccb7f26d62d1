using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Bowline.Core.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bowline.Node.Tests.Fakes;

/// <summary>The hub's side of the enrolment and session contract, strict about every field, on a free port.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Code = "TEST-CODE";
    private const string Challenge = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private readonly WebApplication _app;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    private FakeHub(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public HashSet<string> Devices { get; } = new(StringComparer.Ordinal);

    /// <summary>How far this hub's clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>Answer sessions with 503.</summary>
    public bool Unavailable { get; set; }

    /// <summary>Why requests were refused, in order.</summary>
    public List<string> Refusals { get; } = [];

    public List<JsonNode> Sessions { get; } = [];

    public static async Task<FakeHub> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var hub = new FakeHub(app);
        app.Use((context, next) =>
        {
            context.Response.Headers.Date = (DateTimeOffset.UtcNow + hub.Ahead).ToString("R");
            return next(context);
        });
        app.MapPost("/api/enrolments/challenge", hub.ChallengeAsync);
        app.MapPost("/api/enrolments", hub.EnrolAsync);
        app.MapDelete("/api/enrolments/me", hub.LeaveAsync);
        app.MapPost("/api/links/session", hub.SessionAsync);
        await app.StartAsync();
        return hub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ChallengeAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        await (body["code"]!.GetValue<string>() == Code && DeviceId.TryParse(body["deviceId"]!.GetValue<string>(), out _)
            ? AnswerAsync(context, new JsonObject { ["challenge"] = Challenge, ["hubId"] = "hub-1" })
            : RefuseAsync(context, 401, "code_invalid"));
    }

    private async Task EnrolAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        var device = DeviceId.Parse(body["deviceId"]!.GetValue<string>());
        var signed = Encoding.UTF8.GetBytes($"bowline-enrol-v1\nhub-1\n{Challenge}\n{device}");
        var signature = Base64Url.DecodeFromChars(body["signature"]!.GetValue<string>());
        if (body["code"]!.GetValue<string>() != Code || body["challenge"]!.GetValue<string>() != Challenge || !device.Verify(signed, signature))
        {
            await RefuseAsync(context, 401, "code_invalid");
            return;
        }

        Devices.Add(device.ToString());
        await AnswerAsync(context, new JsonObject { ["deviceId"] = device.ToString(), ["slug"] = "desk", ["hubId"] = "hub-1", ["hubName"] = "Test hub" });
    }

    private async Task LeaveAsync(HttpContext context)
    {
        if (await AuthenticateAsync(context) is { } device)
        {
            Devices.Remove(device);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    private async Task SessionAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        if (await AuthenticateAsync(context) is not { } device)
        {
            return;
        }

        if (Unavailable)
        {
            await RefuseAsync(context, 503, "link_session_unavailable");
            return;
        }

        Sessions.Add(body);
        await AnswerAsync(context, new JsonObject
        {
            ["connection"] = new JsonObject { ["urls"] = new JsonArray("ws://127.0.0.1:1/nats"), ["credentials"] = "a.b.c" },
            ["expiresAt"] = DateTimeOffset.UtcNow + Ahead + TimeSpan.FromMinutes(15),
            ["tunnelHostname"] = device + ".link",
            ["deviceId"] = device,
            ["protocols"] = new JsonArray("tunnel.v2"),
            ["ownerAccountId"] = "owner-1",
        });
    }

    private async Task<string?> AuthenticateAsync(HttpContext context)
    {
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", string.Empty, StringComparison.Ordinal);
        var parts = token.Split('.');
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        var device = DeviceId.Parse(claims["sub"]!.GetValue<string>());
        var now = (DateTimeOffset.UtcNow + Ahead).ToUnixTimeSeconds();
        var issued = claims["iat"]!.GetValue<long>();
        var refusal =
            header.ToJsonString() != """{"alg":"EdDSA","typ":"JWT"}""" ? "token_invalid"
            : !device.Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2])) ? "token_invalid"
            : claims["aud"]!.GetValue<string>() != $"http://{context.Request.Host}" ? "token_invalid"
            : claims["exp"]!.GetValue<long>() != issued + 60 ? "token_invalid"
            : Math.Abs(now - issued) > 60 ? "token_expired"
            : !_seen.Add(claims["jti"]!.GetValue<string>()) ? "token_replayed"
            : !Devices.Contains(device.ToString()) ? "device_unknown"
            : null;
        if (refusal is null)
        {
            return device.ToString();
        }

        await RefuseAsync(context, 401, refusal);
        return null;
    }

    private static async Task<JsonNode> ReadAsync(HttpContext context) => (await JsonNode.ParseAsync(context.Request.Body))!;

    private static Task AnswerAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }

    private Task RefuseAsync(HttpContext context, int status, string code)
    {
        Refusals.Add(code);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        return context.Response.WriteAsync($$"""{"type":"urn:bowline:hub:{{code}}","title":"{{code}}","status":{{status}}}""");
    }
}
