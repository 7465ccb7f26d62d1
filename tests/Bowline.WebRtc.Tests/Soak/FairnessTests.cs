namespace Bowline.WebRtc.Tests.Soak;

/// <summary>A connection that moves as much as it can leaves the others of the process their turn, and a short soak beside a busy machine.</summary>
[Collection(nameof(Channels.CycleTests))]
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

    [Fact]
    public async Task Beside_processes_that_take_all_the_processor_nothing_is_silent_for_long_also_through_restarts()
    {
        await using var hogs = new CpuHogs(4);
        await using var ping = await SoakLine.StartAsync(new("ping", 64, Window: 100, TimeSpan.FromMilliseconds(20)));
        await using var restarted = await SoakLine.StartAsync(new("restarted", 1200, Window: 100, TimeSpan.FromMilliseconds(50), IsRestarting: true));
        var longest = TimeSpan.Zero;
        for (var tenth = 1; tenth <= 100; tenth++)
        {
            if (tenth % 40 == 0)
            {
                restarted.Connection.RestartIce();
                await restarted.NegotiateAsync();
            }

            await Task.Delay(100);
            longest = new[] { longest, ping.Silence, restarted.Silence }.Max();
            Assert.False(ping.Failure.IsCompleted || restarted.Failure.IsCompleted, $"{ping.Failure.Exception}{restarted.Failure.Exception}");
        }

        output.WriteLine($"{ping.Received} and {restarted.Received} messages came back, the longest silence was {longest.TotalMilliseconds:0} ms");
        Assert.InRange(ping.Received, 50, long.MaxValue);
        Assert.InRange(restarted.Received, 20, long.MaxValue);
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
