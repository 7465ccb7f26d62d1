using System.Collections.Concurrent;
using Bowline.WebRtc;

namespace DataChannelBrowser;

/// <summary>The connections that are open, no more than a few; each goes when its page does, and all with the process.</summary>
internal sealed class PageConnections(ILogger<PageConnections> logger) : IAsyncDisposable
{
    public const int Most = 16;

    private readonly ConcurrentDictionary<PageConnection, Task> _open = new();
    private readonly SemaphoreSlim _places = new(Most, Most);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The answer to an offer; null when there is no place left.</summary>
    public async Task<string?> AnswerAsync(string offer, CancellationToken cancel)
    {
        if (!await _places.WaitAsync(TimeSpan.Zero, cancel))
        {
            return null;
        }

        PageConnection? page = null;
        string answer;
        try
        {
            page = new(PeerConnection.Create(new() { CandidateFilter = new() { IncludeLoopback = true }, MaxChannels = 4 }));
            answer = await page.AnswerAsync(offer, cancel);
        }
        catch
        {
            await (page?.DisposeAsync() ?? default);
            _places.Release();
            throw;
        }

        _open[page] = RunAsync(page);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_open.Values);
        _stop.Dispose();
        _places.Dispose();
    }

    private async Task RunAsync(PageConnection page)
    {
        await Task.Yield(); // So that it is in the table before it leaves it.
        try
        {
            await page.RunAsync(_stop.Token);
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "A connection failed.");
        }
        finally
        {
            await page.DisposeAsync();
            _open.TryRemove(page, out _);
            _places.Release();
            logger.LogInformation("A page has left; {Count} connections are open.", _open.Count);
        }
    }
}
