using Bowline.WebRtc;

namespace DataChannelBrowser;

/// <summary>One page: whatever it sends on a channel comes back on it.</summary>
internal sealed class PageConnection(PeerConnection connection) : IAsyncDisposable
{
    /// <summary>A page that is closed does not always say so; a living one pings every second.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    public async Task<string> AnswerAsync(string offer, CancellationToken cancel)
    {
        await connection.SetRemoteDescriptionAsync(new(SessionDescriptionType.Offer, offer), cancel);
        await connection.CreateAnswerAsync(cancel);
        await foreach (var candidate in connection.ReadCandidatesAsync(cancel))
        {
            if (candidate.IsEndOfCandidates)
            {
                break; // Now the description has all addresses in it.
            }
        }

        return connection.LocalDescription!.Sdp;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] tasks = [EchoChannelsAsync(end.Token), WaitForSilenceAsync(end.Token), WaitForEndAsync(end.Token)];
        await Task.WhenAny(tasks);
        await end.CancelAsync();
        await connection.DisposeAsync();
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (Exception e) when (e is OperationCanceledException or WebRtcException { Error: WebRtcError.ClosedByPeer })
        {
            // The page is closed, or the process is.
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task EchoChannelsAsync(CancellationToken stop)
    {
        var echoes = new List<Task>();
        await foreach (var channel in connection.ReadChannelsAsync(stop))
        {
            echoes.RemoveAll(static echo => echo.IsCompletedSuccessfully);
            echoes.Add(EchoAsync(channel, stop));
        }

        await Task.WhenAll(echoes);
    }

    private static async Task EchoAsync(IDataChannel channel, CancellationToken stop)
    {
        try
        {
            await foreach (var message in channel.ReadAllAsync(stop))
            {
                using (message)
                {
                    await (message.IsText ? channel.SendTextAsync(message.GetText(), stop) : channel.SendAsync(message.Content, stop));
                }
            }
        }
        catch (WebRtcException e) when (e.Error == WebRtcError.Closed)
        {
            // The page closed the channel while its message was on the way back.
        }
    }

    private async Task WaitForEndAsync(CancellationToken stop)
    {
        await foreach (var status in connection.WatchAsync(stop))
        {
            if (status.State is PeerConnectionState.Closed or PeerConnectionState.Failed)
            {
                return;
            }
        }
    }

    private async Task WaitForSilenceAsync(CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while ((connection.GetStatistics().SinceReceived ?? TimeProvider.System.GetElapsedTime(began)) < Silence)
        {
            await tick.WaitForNextTickAsync(stop);
        }
    }
}
