namespace Bowline.Nostr.Tests.Events;

public sealed class EventVerifierTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(5, 4)]
    [InlineData(100, 1)]
    [InlineData(100, 4)]
    public void Each_event_is_judged_by_itself(int count, int threads)
    {
        using var key = NostrKey.Create();
        var wrong = key.Sign(1, "other", null, 1).Signature;
        var events = Enumerable.Range(0, count).Select(i =>
        {
            var value = key.Sign(1, $"text {i}", null, i);
            return i % 3 != 0 ? value : new NostrEvent
            {
                Id = value.Id,
                PublicKey = value.PublicKey,
                CreatedAt = value.CreatedAt,
                Kind = value.Kind,
                Tags = value.Tags,
                Content = value.Content + (i % 2 == 0 ? "changed" : ""),
                Signature = i % 2 == 0 ? value.Signature : wrong,
            };
        }).ToArray();
        Assert.Equal(Enumerable.Range(0, count).Select(static i => i % 3 != 0), EventVerifier.Verify(events, threads));
    }

    [Fact]
    public void It_can_be_stopped_and_needs_a_thread()
    {
        using var key = NostrKey.Create();
        var events = Enumerable.Repeat(key.Sign(1, "x", null, 1), 50).ToArray();
        Assert.ThrowsAny<OperationCanceledException>(() => EventVerifier.Verify(events, 1, new CancellationToken(canceled: true)));
        Assert.ThrowsAny<OperationCanceledException>(() => EventVerifier.Verify(events, 2, new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentOutOfRangeException>(() => EventVerifier.Verify(events, 0));
    }
}
