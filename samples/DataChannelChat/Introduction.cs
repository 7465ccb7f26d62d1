using Bowline.WebRtc;

namespace DataChannelChat;

/// <summary>Signaling by hand: each side prints one line with everything in it, and takes the other's.</summary>
internal static class Introduction
{
    public static async Task<IDataChannel> MeetAsync(PeerConnection connection, TypedLines typed, bool isOfferer, CancellationToken stop)
    {
        // Both make the same channel with the same id, so nothing about it has to be told.
        var channel = connection.CreateDataChannel("chat", new() { NegotiatedId = 0 });
        if (isOfferer)
        {
            await connection.CreateOfferAsync(stop);
            await ShowAsync(connection, "Paste this line in the other terminal (started with 'answer'), and its answer here:", stop);
            await TakeAsync(connection, typed, SessionDescriptionType.Answer, stop);
        }
        else
        {
            Console.WriteLine("Paste the offer of the other terminal here:");
            await TakeAsync(connection, typed, SessionDescriptionType.Offer, stop);
            await connection.CreateAnswerAsync(stop);
            await ShowAsync(connection, "Paste this line in the other terminal:", stop);
        }

        await OpenAsync(connection, channel, stop);
        return channel;
    }

    /// <summary>Waits for the channel, and says so when no path is found; the other side may still come.</summary>
    private static async Task OpenAsync(PeerConnection connection, IDataChannel channel, CancellationToken stop)
    {
        using var opened = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var telling = TellAsync(connection, opened.Token);
        try
        {
            await channel.WaitForOpenAsync(stop);
        }
        finally
        {
            await opened.CancelAsync();
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task TellAsync(PeerConnection connection, CancellationToken opened)
    {
        await foreach (var status in connection.WatchAsync(opened))
        {
            if (status.Ice == IceState.Failed)
            {
                Console.WriteLine("* no path to the other side was found; start both sides again, with a STUN server of your choice when they are in different networks");
                return;
            }
        }
    }

    private static async Task ShowAsync(PeerConnection connection, string what, CancellationToken stop)
    {
        await foreach (var candidate in connection.ReadCandidatesAsync(stop))
        {
            if (candidate.IsEndOfCandidates)
            {
                break; // Now the description has all addresses in it.
            }
        }

        Console.WriteLine(what);
        Console.WriteLine(Invitation.Write(connection.LocalDescription!));
    }

    private static async Task TakeAsync(PeerConnection connection, TypedLines typed, SessionDescriptionType wanted, CancellationToken stop)
    {
        while (true)
        {
            var line = await typed.NextAsync(stop);
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                await connection.SetRemoteDescriptionAsync(Invitation.Read(line, wanted), stop);
                return;
            }
            catch (Exception e) when (e is FormatException or WebRtcException { Error: WebRtcError.MalformedDescription or WebRtcError.NothingInCommon })
            {
                Console.WriteLine($"* {e.Message} Try again:");
            }
        }
    }
}
