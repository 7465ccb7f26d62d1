using System.Text;
using Bowline.Core.Identity;
using Bowline.Hub.Accounts;
using Bowline.Hub.Console.Pages;
using Bowline.Hub.Console.Rendering;
using Bowline.Hub.Devices;
using Bowline.Hub.Presence;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Hub.Console.Links;

/// <summary>
/// Keeps an open page live: the facts of a link that changed as HTML, the whole list when a link came or went, and a beat with
/// the hub's clock, without which the page says that it is stale.
/// </summary>
internal static class LinkEventStream
{
    /// <summary>Four missed beats are no accident, and 8 s is soon enough to say that a view is stale.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>A stream ends after this long, so that a session that was revoked does not watch for ever; the page comes back by itself.</summary>
    private static readonly TimeSpan MaxStream = TimeSpan.FromMinutes(10);

    public static void MapLinkEventStream(this IEndpointRouteBuilder app) =>
        app.MapGet("/console/events", ServeAsync).RequireAuthorization(HubAuthentication.PersonPolicy);

    private static async Task ServeAsync(HttpContext context, IPresence presence, EventStreams streams, FragmentRenderer renderer, RevocationTerm term, TimeProvider time)
    {
        var account = HubPrincipal.Of(context.User).Account!.Id;
        using var slot = streams.TryEnter(account);
        if (slot is null)
        {
            await HubProblem.WriteAsync(context, HubProblemCode.TooMany);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var limit = new CancellationTokenSource(MaxStream, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted, streams.Stopping);
        using var feed = presence.Follow(account);
        try
        {
            await WriteAsync(context, presence, renderer, term, feed, account, time, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return; // The page is gone, the hub stops, or the stream has lived long enough.
        }
    }

    private static async Task WriteAsync(HttpContext context, IPresence presence, FragmentRenderer renderer, RevocationTerm term, LinkFeed feed, string account, TimeProvider time, CancellationToken cancellationToken)
    {
        var shown = new HashSet<DeviceId>();
        var lastBeat = long.MinValue;
        await context.Response.WriteAsync("retry: 1000\n\n", cancellationToken);
        while (true)
        {
            var changed = await feed.ReadAsync(Beat, time, cancellationToken);
            var links = presence.List(account);
            if (!shown.SetEquals(links.Select(link => link.Device.Id)))
            {
                shown = [.. links.Select(link => link.Device.Id)];
                var list = await renderer.RenderAsync<LinkList>(Parameter(nameof(LinkList.Links), links.Select(link => LinkViews.Of(link, term)).ToArray()));
                await EventAsync(context, "links", list, cancellationToken);
            }
            else
            {
                foreach (var link in links.Where(link => changed.Contains(link.Device.Id)))
                {
                    var facts = await renderer.RenderAsync<LinkFacts>(Parameter(nameof(LinkFacts.Link), LinkViews.Of(link, term)));
                    await EventAsync(context, $"link-{link.Device.Id}", facts, cancellationToken);
                }
            }

            if (lastBeat == long.MinValue || time.GetElapsedTime(lastBeat) >= Beat)
            {
                lastBeat = time.GetTimestamp();
                await EventAsync(context, "beat", time.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture), cancellationToken);
            }

            await context.Response.Body.FlushAsync(cancellationToken);
        }
    }

    private static Dictionary<string, object?> Parameter(string name, object value) => new(StringComparer.Ordinal) { [name] = value };

    /// <summary>An event's data ends at a line break, so each line of the HTML is a data line of its own.</summary>
    private static Task EventAsync(HttpContext context, string name, string data, CancellationToken cancellationToken)
    {
        var text = new StringBuilder("event: ").Append(name).Append('\n');
        foreach (var line in data.AsSpan().EnumerateLines())
        {
            text.Append("data: ").Append(line).Append('\n');
        }

        return context.Response.WriteAsync(text.Append('\n').ToString(), cancellationToken);
    }
}
