using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>Reads <c>/api/links/events</c> as a browser would, and says when which state of a link was shown.</summary>
internal sealed class PresenceWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(string State, string? Method, long At)> _seen = Channel.CreateBounded<(string, string?, long)>(4096);
    private readonly Task _reading;

    private PresenceWatch(HubProcess hub, string name) => _reading = ReadAsync(hub, name);

    public static PresenceWatch Of(HubProcess hub, string name) => new(hub, name);

    /// <summary>Waits until the link is shown in the state; returns the timestamp of the event that showed it, and its proof.</summary>
    public async Task<(long At, string? Method)> WaitAsync(string state, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limit);
        var last = "nothing";
        try
        {
            await foreach (var seen in _seen.Reader.ReadAllAsync(late.Token))
            {
                last = $"{seen.State} ({seen.Method})";
                if (seen.State == state)
                {
                    return (seen.At, seen.Method);
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The link was not shown as {state} within {limit}; the last that was shown is {last}.", e);
        }

        await _reading;
        throw new InvalidOperationException("The event stream ended.");
    }

    /// <summary>Forgets what was seen so far.</summary>
    public void Forget()
    {
        while (_seen.Reader.TryRead(out _))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _reading.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task ReadAsync(HubProcess hub, string name)
    {
        try
        {
            using var response = await hub.Http.GetAsync("api/links/events", HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            response.EnsureSuccessStatusCode();
            await using var stream = await response.Content.ReadAsStreamAsync(_stop.Token);
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(_stop.Token))
            {
                var at = Stopwatch.GetTimestamp();
                foreach (var link in LinksOf(item.Data).Where(link => link["name"]?.GetValue<string>() == name))
                {
                    await _seen.Writer.WriteAsync((link["state"]!.GetValue<string>(), link["evidence"]?["method"]?.GetValue<string>(), at), _stop.Token);
                }
            }
        }
        finally
        {
            _seen.Writer.TryComplete();
        }
    }

    private static IEnumerable<JsonNode> LinksOf(string data)
    {
        if (!data.StartsWith('{') && !data.StartsWith('['))
        {
            return [];
        }

        var node = JsonNode.Parse(data)!;
        return node is JsonArray many ? many.Select(link => link!) : node["links"] is JsonArray inside ? inside.Select(link => link!) : [node["link"] ?? node];
    }
}
