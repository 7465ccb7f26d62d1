namespace Bowline.WebRtc.Tests.Soak;

/// <summary>A connection that moves as much as it can leaves the others of the process their turn.</summary>
public sealed class FairnessTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Beside_a_bulk_transfer_small_messages_of_another_connection_stay_quick()
    {
        await using var bulk = await SoakLine.StartAsync(new("bulk", 64 * 1024, Window: 16, TimeSpan.Zero));
        await using var ping = await SoakLine.StartAsync(new("ping", 64, Window: 100, TimeSpan.FromMilliseconds(10)));
        await Task.Delay(TimeSpan.FromSeconds(5));
        var trips = ping.TakeRoundTrips();
        output.WriteLine($"{bulk.Received} times 64 KiB came back; of {trips.Length} pings: p50 {trips[trips.Length / 2]:0.0} ms, p99 {trips[trips.Length * 99 / 100]:0.0} ms, {ping.Connection.GetStatistics().Retransmits} chunks again");
        Assert.InRange(bulk.Received, 100, long.MaxValue);
        Assert.InRange(trips[trips.Length * 99 / 100], 0, 250);
    }
}
