using Bowline.Hub.Hosting;
using Bowline.Hub.Tests.Support;

namespace Bowline.Hub.Tests.Hosting;

public sealed class AttemptLimiterTests
{
    [Fact]
    public void Attempts_come_back_one_by_one()
    {
        var time = new FrozenTime();
        var limiter = new AttemptLimiter(burst: 2, TimeSpan.FromSeconds(10), time);
        Assert.True(limiter.TryTake("a", out _));
        Assert.True(limiter.TryTake("a", out _));
        Assert.False(limiter.TryTake("a", out var wait));
        Assert.Equal(TimeSpan.FromSeconds(10), wait);
        Assert.True(limiter.TryTake("b", out _));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limiter.TryTake("a", out _));
        Assert.False(limiter.TryTake("a", out _));
    }

    [Fact]
    public void A_flood_of_keys_pushes_out_the_longest_unused_and_nothing_else()
    {
        var limiter = new AttemptLimiter(burst: 1, TimeSpan.FromHours(1), new FrozenTime(), maxKeys: 3);
        Assert.True(limiter.TryTake("a", out _));
        Assert.True(limiter.TryTake("b", out _));
        Assert.True(limiter.TryTake("c", out _));
        Assert.False(limiter.TryTake("a", out _));
        Assert.True(limiter.TryTake("d", out _));
        Assert.False(limiter.TryTake("a", out _));
        Assert.True(limiter.TryTake("b", out _));
    }
}
