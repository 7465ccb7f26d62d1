using System.Text;

namespace Bowline.Bench.Load.Relays;

/// <summary>What clients say to relays, and what comes back.</summary>
internal static class RelayTalk
{
    /// <summary>Sends a REQ and waits for its EOSE.</summary>
    public static Task<int> SubscribeAsync(RelayClient client, ReadOnlySpan<byte> request, CancellationToken cancellationToken)
        => RequestAsync(client, RelayClient.Frame(request), cancellationToken);

    /// <summary>Sends the frame of a REQ and waits for its EOSE; returns how many events came before it.</summary>
    public static async Task<int> RequestAsync(RelayClient client, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await client.SendAsync(frame, cancellationToken);
        for (var events = 0; ; events++)
        {
            var message = await client.NextAsync(cancellationToken);
            if (message.Span.StartsWith("[\"EOSE\""u8))
            {
                return events;
            }

            if (!message.Span.StartsWith("[\"EVENT\""u8))
            {
                throw new InvalidOperationException($"the relay says {Encoding.UTF8.GetString(message.Span)}");
            }
        }
    }

    /// <summary>Publishes all of them on one connection, so many unanswered at a time, until every one is answered OK.</summary>
    public static async Task PublishAsync(RelayClient client, ReadOnlyMemory<byte[]> frames, int outstanding, CancellationToken cancellationToken)
    {
        var buffer = new byte[outstanding * 1024];
        var (sent, answered) = (0, 0);
        while (answered < frames.Length)
        {
            var length = 0;
            for (; sent < frames.Length && sent - answered < outstanding; sent++)
            {
                var frame = frames.Span[sent];
                frame.CopyTo(buffer, length);
                length += frame.Length;
            }

            await client.SendAsync(buffer.AsMemory(0, length), cancellationToken);
            for (var message = await client.NextAsync(cancellationToken); ; answered++)
            {
                if (!message.Span.StartsWith("[\"OK\""u8) || message.Span.IndexOf(",true,"u8) < 0)
                {
                    throw new InvalidOperationException($"the relay says {Encoding.UTF8.GetString(message.Span)}");
                }

                if (!client.TryNext(out message))
                {
                    answered++;
                    break;
                }
            }
        }
    }

    /// <summary>The same over several connections, each with its share.</summary>
    public static async Task PublishAsync(IReadOnlyList<RelayClient> clients, ReadOnlyMemory<byte[]> frames, int outstanding, CancellationToken cancellationToken)
    {
        var share = (frames.Length + clients.Count - 1) / clients.Count;
        await Task.WhenAll(clients.Select((client, i) =>
        {
            var from = Math.Min(i * share, frames.Length);
            return Task.Run(() => PublishAsync(client, frames.Slice(from, Math.Min(share, frames.Length - from)), outstanding, cancellationToken), cancellationToken);
        }));
    }

    public static async Task<RelayClient[]> ConnectAsync(Uri url, int count, CancellationToken cancellationToken, int capacity = 64 * 1024)
    {
        var clients = new RelayClient[count];
        for (var i = 0; i < count; i++)
        {
            clients[i] = await RelayClient.ConnectAsync(url, cancellationToken, capacity);
        }

        return clients;
    }

    public static void Dispose(IEnumerable<RelayClient> clients)
    {
        foreach (var client in clients)
        {
            client.Dispose();
        }
    }
}
