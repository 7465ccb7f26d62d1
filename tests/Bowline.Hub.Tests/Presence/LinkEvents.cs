using System.Text.Json;

namespace Bowline.Hub.Tests.Presence;

/// <summary>Reads <c>/api/links/events</c> line by line.</summary>
internal sealed class LinkEvents : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private LinkEvents(HttpResponseMessage response, StreamReader reader)
    {
        _response = response;
        _reader = reader;
    }

    public static async Task<LinkEvents> OpenAsync(HttpClient client)
    {
        var token = TestContext.Current.CancellationToken;
        var response = await client.GetAsync("/api/links/events", HttpCompletionOption.ResponseHeadersRead, token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new LinkEvents(response, new StreamReader(await response.Content.ReadAsStreamAsync(token)));
    }

    /// <summary>The next event, or null at the end of the stream.</summary>
    public async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var name = "";
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (name, JsonDocument.Parse(line[6..]).RootElement);
            }
        }

        return null;
    }

    public Task<JsonElement> UntilAsync(Func<JsonElement, bool> condition) => UntilAsync("link", condition);

    /// <summary>Waits for a state of a link.</summary>
    public Task<JsonElement> UntilAsync(string state) => UntilAsync(l => l.GetProperty("state").GetString() == state);

    public async Task<JsonElement> UntilAsync(string name, Func<JsonElement, bool> condition)
    {
        while (await NextAsync() is { } next)
        {
            if (next.Name == name && condition(next.Data))
            {
                return next.Data;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
