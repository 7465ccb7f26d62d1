using System.Text;
using Bowline.Nats;

namespace Bowline.Bench.Load.Serving;

/// <summary><c>serve-nats URL</c>: answers requests with 13 bytes on the read loop; the least a responder can do.</summary>
internal static class NatsServe
{
    public const string RespondSubject = "bench.respond.bowline";

    public static async Task<int> RunAsync(string url)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = url });
        await connection.ConnectAsync();
        await connection.AddSubAsync(new Responder(connection), CancellationToken.None);
        await connection.PingAsync(CancellationToken.None);
        await Ready.SayAsync(url);
        await Ready.UntilStdinEndsAsync();
        return 0;
    }

    private sealed class Responder(NatsConnection connection) : NatsSubBase(RespondSubject, null)
    {
        private static readonly byte[] Answer = Encoding.ASCII.GetBytes("Hello, world!");

        protected override void Receive(in NatsRawMsg msg)
        {
            if (!connection.TryPublish(msg.ReplyTo, default, Answer, default))
            {
                throw new InvalidOperationException("an answer found no room");
            }
        }
    }
}
