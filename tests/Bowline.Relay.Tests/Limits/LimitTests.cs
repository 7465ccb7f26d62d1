using System.Net;

namespace Bowline.Relay.Tests.Limits;

public sealed class LimitTests
{
    public static TheoryData<RelayLimits> Wrong() =>
    [
        new RelayLimits { MessageBytes = 1023 }, new RelayLimits { MessageBytes = (16 << 20) + 1 }, new RelayLimits { Subscriptions = 0 }, new RelayLimits { SubscriptionIdLength = 257 },
        new RelayLimits { Filters = 0 }, new RelayLimits { FilterValues = 0 }, new RelayLimits { Limit = 0 }, new RelayLimits { Tags = -1 }, new RelayLimits { ContentBytes = -1 },
        new RelayLimits { CreatedAhead = TimeSpan.FromDays(2) }, new RelayLimits { EventsPerConnection = new(0, 1) }, new RelayLimits { EventsPerAddress = new(1, 0) },
        new RelayLimits { RequestsPerConnection = new(double.NaN, 1) }, new RelayLimits { RequestsPerAddress = new(2_000_000, 1) }, new RelayLimits { ConnectionsPerAddress = 0 },
        new RelayLimits { OutgoingBytes = 1 }, new RelayLimits { Strikes = 0 }, new RelayLimits { Pending = 0 }, new RelayLimits { QueriesPerConnection = 0 }, new RelayLimits { Queries = 0 },
        new RelayLimits { AuthenticatedKeys = 0 }, new RelayLimits { Presences = 0 }, new RelayLimits { PingAfter = TimeSpan.Zero }, new RelayLimits { Patience = TimeSpan.FromHours(2) },
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_limit_out_of_its_range_is_refused(RelayLimits limits) => Assert.Contains("must be between", Assert.Throws<ArgumentException>(limits.Validate).Message);

    [Fact]
    public void The_defaults_are_in_range_and_a_rate_may_be_off()
    {
        new RelayLimits().Validate();
        new RelayLimits { EventsPerAddress = null, EventsPerConnection = null, RequestsPerAddress = null, RequestsPerConnection = null }.Validate();
        new RelayOptions().Validate();
        _ = Assert.Throws<ArgumentException>(new RelayOptions { MinimumDifficulty = 65 }.Validate);
        _ = Assert.Throws<ArgumentException>(new RelayOptions { StopWithin = TimeSpan.FromSeconds(-1) }.Validate);
        _ = Assert.Throws<ArgumentException>(new RelayOptions { StopWithin = TimeSpan.FromSeconds(301) }.Validate);
        new RelayOptions { StopWithin = TimeSpan.FromMinutes(5) }.Validate();
        _ = Assert.Throws<ArgumentException>(new RelayOptions { SweepInterval = TimeSpan.Zero }.Validate);
        _ = Assert.Throws<ArgumentException>(new RelayOptions { PublicUrls = { new Uri("https://relay.example") } }.Validate);
    }

    [Fact]
    public void A_bucket_gives_its_burst_and_then_its_rate()
    {
        var bucket = new TokenBucket(new(2, 3), TimeSpan.Zero);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(TimeSpan.Zero)));
        Assert.False(bucket.TryTake(TimeSpan.FromSeconds(0.4)));
        Assert.True(bucket.TryTake(TimeSpan.FromSeconds(0.5)));
        Assert.False(bucket.TryTake(TimeSpan.FromSeconds(0.5)));
        Assert.True(bucket.IsFull(TimeSpan.FromHours(1)));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(TimeSpan.FromHours(1))));
    }

    [Fact]
    public void Reconnecting_does_not_fill_an_address_s_bucket()
    {
        var book = new AddressBook(new() { EventsPerAddress = new(1, 2), ConnectionsPerAddress = 1 });
        var address = IPAddress.Parse("192.0.2.1");
        var use = book.TryEnter(address, TimeSpan.Zero)!;
        Assert.Null(book.TryEnter(address, TimeSpan.Zero));
        Assert.True(use.TryTakeEvent(TimeSpan.Zero) && use.TryTakeEvent(TimeSpan.Zero));
        book.Leave(use);
        book.Sweep(TimeSpan.FromSeconds(0.5));
        Assert.False(book.TryEnter(address, TimeSpan.Zero)!.TryTakeEvent(TimeSpan.Zero));
        book.Leave(use);
        book.Sweep(TimeSpan.FromSeconds(2));
        Assert.Equal(0, book.Count);
    }

    [Fact]
    public void IPv6_counts_by_network_and_mapped_IPv4_as_IPv4()
    {
        var book = new AddressBook(new() { ConnectionsPerAddress = 1 });
        Assert.NotNull(book.TryEnter(IPAddress.Parse("2001:db8::1"), TimeSpan.Zero));
        Assert.Null(book.TryEnter(IPAddress.Parse("2001:db8::ffff"), TimeSpan.Zero));
        Assert.NotNull(book.TryEnter(IPAddress.Parse("2001:db8:0:1::1"), TimeSpan.Zero));
        Assert.NotNull(book.TryEnter(IPAddress.Parse("192.0.2.1"), TimeSpan.Zero));
        Assert.Null(book.TryEnter(IPAddress.Parse("::ffff:192.0.2.1"), TimeSpan.Zero));
    }

    [Theory]
    [InlineData("203.0.113.9", "198.51.100.1", "203.0.113.9")] // A stranger may write what it likes.
    [InlineData("10.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1")] // What stands left of a stranger was written by it.
    [InlineData("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1")]
    [InlineData("::ffff:10.0.0.1", "198.51.100.1:4711", "198.51.100.1")]
    [InlineData("10.0.0.1", "nonsense", "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    public void Forwarded_addresses_are_believed_from_proxies_only(string peer, string header, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), ClientAddress.Of(IPAddress.Parse(peer), header, [IPNetwork.Parse("10.0.0.0/8")]));
}
