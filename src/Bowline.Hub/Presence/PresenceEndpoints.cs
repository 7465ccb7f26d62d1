using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bowline.Hub.Accounts;
using Bowline.Hub.Devices;
using Bowline.Hub.Hosting;
using Bowline.Hub.Links;
using Bowline.Hub.Problems;
using Bowline.Hub.Store;
using Bowline.Tunnel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Hub.Presence;

/// <summary>What people and scripts ask about links. A link of somebody else is as unknown as one that does not exist.</summary>
internal static class PresenceEndpoints
{
    /// <summary>A stream ends after this long, so that a revoked session does not watch for ever; browsers come back by themselves.</summary>
    private static readonly TimeSpan MaxStream = TimeSpan.FromMinutes(10);

    /// <summary>A sign of life for whoever watches, who shows that the view is stale without it.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>Timers of less than this fire at once.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private static readonly Uri ControlAddress = new("http://node.bowline/api/links/control");

    public static void MapPresence(this IEndpointRouteBuilder app)
    {
        var links = app.MapGroup("/api/links").RequireAuthorization(HubAuthentication.PersonPolicy);
        links.MapGet("", (HttpContext context, IPresence presence) =>
            Results.Json([.. presence.List(AccountOf(context)).Select(LinkResponse.From)], HubJson.Default.LinkResponseArray));
        links.MapGet("/me", Mine);
        links.MapGet("/events", EventsAsync);
        links.MapGet("/{id}", (string id, HttpContext context, IPresence presence, DeviceStore devices) =>
            Find(id, context, devices) is { } device && presence.Get(device.Id) is { } link ? Results.Json(LinkResponse.From(link), HubJson.Default.LinkResponse) : HubProblem.Result(HubProblemCode.NotFound));
        links.MapPost("/{id}/ping", PingAsync);
        links.MapPost("/{id}/disconnect", DisconnectAsync).RequireAuthorization(HubAuthentication.OperatePolicy);
        links.MapDelete("/{id}", RevokeAsync).RequireAuthorization(HubAuthentication.OperatePolicy);
    }

    /// <summary>The caller's device by id or name.</summary>
    public static Device? Find(string idOrName, HttpContext context, DeviceStore devices) =>
        devices.FindByName(idOrName) is { } device && device.AccountId == AccountOf(context) ? device : null;

    private static IResult Mine(HttpContext context, IPresence presence) =>
        presence.List(AccountOf(context)).FirstOrDefault(l => l.Presence.State == LinkState.Online) is { } link
            ? Results.Json(LinkResponse.From(link), HubJson.Default.LinkResponse)
            : Results.Text("null", "application/json");

    private static async Task<IResult> PingAsync(string id, HttpContext context, IPresence presence, DeviceStore devices)
    {
        if (Find(id, context, devices) is not { } device || await presence.ProbeAsync(device.Id) is not { } link)
        {
            return HubProblem.Result(HubProblemCode.NotFound);
        }

        return Results.Json(new PingResponse(LinkResponse.StateName(link.Presence.State), EvidenceResponse.From(link.Presence.Evidence)), HubJson.Default.PingResponse);
    }

    public static async Task<IResult> DisconnectAsync(string id, HttpContext context, DeviceStore devices, ITunnelGateway tunnel, HubIdentity hub, Audit.AuditLog audit)
    {
        if (Find(id, context, devices) is not { } device)
        {
            return HubProblem.Result(HubProblemCode.NotFound);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, ControlAddress) { Content = new ByteArrayContent("{\"action\":\"shutdown\"}"u8.ToArray()) };
        request.Content.Headers.ContentType = new("application/json");
        try
        {
            using var response = await tunnel.SendAsync(new TunnelTarget(device.Id, TunnelTarget.NodeService, TunnelCaller.Hub(hub.Id)), request, context.RequestAborted);
            audit.Write(HubPrincipal.Of(context.User).Actor, "device.disconnected", device.Slug, HubLimits.AddressKey(context));
            return response.IsSuccessStatusCode ? Results.Accepted() : HubProblem.Result(HubProblemCode.NodeRefused);
        }
        catch (TunnelException e)
        {
            return new TunnelProblemResult(e);
        }
    }

    public static async Task<IResult> RevokeAsync(string id, HttpContext context, DeviceStore devices, DeviceRevocation revocation, RevocationTerm term)
    {
        if (Find(id, context, devices) is not { } device)
        {
            return HubProblem.Result(HubProblemCode.NotFound);
        }

        var effect = await revocation.RevokeAsync(device.Id, HubPrincipal.Of(context.User).Actor, HubLimits.AddressKey(context));
        return term.ResultOf(effect);
    }

    private static async Task EventsAsync(HttpContext context, IPresence presence, EventStreams streams, TimeProvider time)
    {
        var account = AccountOf(context);
        using var slot = streams.TryEnter(account);
        if (slot is null)
        {
            await HubProblem.WriteAsync(context, HubProblemCode.TooMany);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // A reverse proxy must not collect the events.
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var limit = new CancellationTokenSource(MaxStream, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted, streams.Stopping);
        using var feed = presence.Follow(account);
        try
        {
            await StreamAsync(context, presence, feed, account, time, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return; // The page is gone, the hub stops, or the stream has lived long enough.
        }
    }

    /// <summary>All links at once, then each that changed in its latest form, and a beat whether or not something changed.</summary>
    private static async Task StreamAsync(HttpContext context, IPresence presence, LinkFeed feed, string account, TimeProvider time, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync("retry: 1000\n\n", cancellationToken);
        var all = new LinkSnapshot([.. presence.List(account).Select(LinkResponse.From)]);
        await EventAsync(context, "snapshot", all, HubJson.Default.LinkSnapshot, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        var lastBeat = time.GetTimestamp();
        while (true)
        {
            foreach (var device in await feed.ReadAsync(Left(time, lastBeat), time, cancellationToken))
            {
                await WriteAsync(context, presence, account, device, cancellationToken);
            }

            if (Left(time, lastBeat) <= Shortest)
            {
                lastBeat = time.GetTimestamp();
                await EventAsync(context, "beat", new LinkBeat(time.GetUtcNow()), HubJson.Default.LinkBeat, cancellationToken);
            }

            await context.Response.Body.FlushAsync(cancellationToken);
        }
    }

    private static TimeSpan Left(TimeProvider time, long lastBeat) => Beat - time.GetElapsedTime(lastBeat) is var left && left > Shortest ? left : Shortest;

    private static Task WriteAsync(HttpContext context, IPresence presence, string account, Bowline.Core.Identity.DeviceId device, CancellationToken cancellationToken) => presence.Get(device) switch
    {
        null => EventAsync(context, "removed", new LinkRemoved(device.ToString()), HubJson.Default.LinkRemoved, cancellationToken),
        { } link when link.Device.AccountId == account => EventAsync(context, "link", LinkResponse.From(link), HubJson.Default.LinkResponse, cancellationToken),
        _ => Task.CompletedTask,
    };

    private static Task EventAsync<T>(HttpContext context, string name, T data, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        context.Response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, type)}\n\n", cancellationToken);

    private static string AccountOf(HttpContext context) => HubPrincipal.Of(context.User).Account!.Id;
}
