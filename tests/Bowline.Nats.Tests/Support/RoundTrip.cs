namespace Bowline.Nats.Tests.Support;

/// <summary>Shows that a connection works: messages of all sizes come back unchanged, and a question nobody answers is refused at once.</summary>
internal static class RoundTrip
{
    public static async Task RunAsync(NatsConnection connection, CancellationToken cancellationToken)
    {
        await using var sub = await connection.SubscribeCoreAsync<byte[]>("rt", cancellationToken: cancellationToken);
        var random = new Random(5);
        foreach (var size in new[] { 0, 1, 100, 70_000, 1_000_000 })
        {
            var bytes = new byte[size];
            random.NextBytes(bytes);
            await connection.PublishAsync("rt", bytes, cancellationToken: cancellationToken);
            Assert.Equal(bytes, (await sub.Msgs.ReadAsync(cancellationToken)).Data);
        }

        await Assert.ThrowsAsync<NatsNoRespondersException>(async () => await connection.RequestAsync<string, string>("nobody.here", "x", cancellationToken: cancellationToken));
    }
}
