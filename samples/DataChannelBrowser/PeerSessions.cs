using System.Collections.Concurrent;
using Bowline.WebRtc;

namespace DataChannelBrowser;

/// <summary>The connections that are open, no more than a few; each goes when its page does, and all with the process.</summary>
internal sealed class PeerSessions(ILogger<PeerSessions> logger) : IAsyncDisposable
{
    public const int Most = 16;

    private readonly ConcurrentDictionary<PeerSession, Task> _open = new();
    private readonly SemaphoreSlim _places = new(Most, Most);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The answer to an offer; null when there is no place left.</summary>
    public async Task<string?> AnswerAsync(string offer, CancellationToken cancel)
    {
        if (!await _places.WaitAsync(TimeSpan.Zero, cancel))
        {
            return null;
        }

        PeerSession? session = null;
        string answer;
        try
        {
            session = new(PeerConnection.Create(new() { CandidateFilter = new() { IncludeLoopback = true }, MaxChannels = 4 }));
            answer = await session.AnswerAsync(offer, cancel);
        }
        catch
        {
            await (session?.DisposeAsync() ?? default);
            _places.Release();
            throw;
        }

        _open[session] = RunAsync(session);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_open.Values);
        _stop.Dispose();
        _places.Dispose();
    }

    private async Task RunAsync(PeerSession session)
    {
        await Task.Yield(); // So that it is in the table before it leaves it.
        try
        {
            await session.RunAsync(_stop.Token);
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "A connection failed.");
        }
        finally
        {
            await session.DisposeAsync();
            _open.TryRemove(session, out _);
            _places.Release();
            logger.LogInformation("A page has left; {Count} connections are open.", _open.Count);
        }
    }
}
