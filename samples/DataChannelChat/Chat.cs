using Bowline.WebRtc;

namespace DataChannelChat;

/// <summary>The chat itself: what is typed goes out, what comes in is shown, and silence of the other side is told.</summary>
internal sealed class Chat(PeerConnection connection, IDataChannel channel, TypedLines typed)
{
    /// <summary>A heartbeat is answered every second, so this is several in a row that were not.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(4);

    public async Task RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Console.WriteLine("* connected; /quit or Ctrl-C ends");
        Task[] tasks = [ShowAsync(end.Token), SendAsync(end.Token), WatchAsync(end.Token)];
        var first = await Task.WhenAny(tasks);
        await end.CancelAsync();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (channel.State == DataChannelState.Open)
        {
            // What was sent still arrives; a side that is away is not waited for.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await channel.CloseAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await first;
    }

    private async Task ShowAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var message in channel.ReadAllAsync(stop))
            {
                using (message)
                {
                    Console.WriteLine($"< {Printable(message.GetText())}");
                }
            }
        }
        catch (WebRtcException e) when (e.Error == WebRtcError.ClosedByPeer)
        {
            // Told below, like a channel that was closed in good order.
        }

        Console.WriteLine("* the other side has left");
    }

    private async Task SendAsync(CancellationToken stop)
    {
        await foreach (var line in typed.ReadAllAsync(stop))
        {
            if (line == "/quit")
            {
                return;
            }

            try
            {
                await channel.SendTextAsync(line, stop);
            }
            catch (WebRtcException e) when (e.Error == WebRtcError.MessageTooLong)
            {
                Console.WriteLine($"* {e.Message}");
            }
            catch (WebRtcException e) when (e.Error == WebRtcError.Closed)
            {
                Console.WriteLine($"* not sent, the other side has left: {line}");
                return;
            }
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var isLost = false;
        while (await tick.WaitForNextTickAsync(stop))
        {
            var statistics = connection.GetStatistics();
            if (!isLost && statistics.SinceReceived > Silence)
            {
                isLost = true;
                connection.SetSuspect(isSuspect: true); // One packet a second from now on, as a probe.
                Console.WriteLine("* the connection is silent; what you type is kept and sent when it answers again");
            }
            else if (isLost && !connection.IsSuspect)
            {
                isLost = false;
                Console.WriteLine("* the connection answers again");
            }
        }
    }

    /// <summary>Somebody else's text must not steer this terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '\uFFFD' : c));
}
