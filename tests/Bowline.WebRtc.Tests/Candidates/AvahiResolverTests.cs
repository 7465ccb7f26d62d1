using System.Net;
using Bowline.Testing.Time;

namespace Bowline.WebRtc.Tests.Candidates;

public sealed class AvahiResolverTests : IDisposable
{
    private const string Name = "3f1b2c4d-0000.local";
    private const string IPv4Answer = $"+ 2 0 {Name} 192.0.2.9\n";
    private const string IPv6Answer = $"+ 2 1 {Name} 2001:db8::9\n";
    private const string Error = "-15 Timeout reached\n";
    private static readonly IPAddress IPv4 = IPAddress.Parse("192.0.2.9");
    private static readonly IPAddress IPv6 = IPAddress.Parse("2001:db8::9");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private readonly FakeAvahi _avahi = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _avahi.Dispose();

    [Fact]
    public async Task The_IPv4_address_is_taken_at_once()
    {
        var resolving = ResolveAsync(Name);
        var (ipv4, ipv6) = await _avahi.TakeQuestionsAsync(Name);
        await FakeAvahi.AnswerAsync(ipv4, IPv4Answer);
        Assert.Equal(IPv4, await resolving);
        Assert.True(await FakeAvahi.IsDroppedAsync(ipv6));
        await UntilTimersAsync(0);
    }

    [Fact]
    public async Task IPv4_is_preferred_when_it_answers_a_little_later()
    {
        var resolving = ResolveAsync(Name);
        var (ipv4, ipv6) = await _avahi.TakeQuestionsAsync(Name);
        await FakeAvahi.AnswerAsync(ipv6, IPv6Answer);
        await UntilTimersAsync(2);
        _time.Advance(AvahiResolver.Grace - Moment);
        await FakeAvahi.AnswerAsync(ipv4, IPv4Answer);
        Assert.Equal(IPv4, await resolving);
        await UntilTimersAsync(0);
    }

    [Fact]
    public async Task An_IPv6_address_alone_is_taken_after_the_grace_though_IPv4_is_never_answered()
    {
        var resolving = ResolveAsync(Name);
        var (ipv4, ipv6) = await _avahi.TakeQuestionsAsync(Name);
        await FakeAvahi.AnswerAsync(ipv6, IPv6Answer);
        await UntilTimersAsync(2);
        _time.Advance(AvahiResolver.Grace);
        Assert.Equal(IPv6, await resolving);
        Assert.True(AvahiResolver.Grace < Limit / 2);
        Assert.True(await FakeAvahi.IsDroppedAsync(ipv4));
        await UntilTimersAsync(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Error)]
    public async Task An_IPv6_address_is_taken_when_IPv4_ends_within_the_grace(string end)
    {
        var resolving = ResolveAsync(Name);
        var (ipv4, ipv6) = await _avahi.TakeQuestionsAsync(Name);
        await FakeAvahi.AnswerAsync(ipv6, IPv6Answer);
        await UntilTimersAsync(2);
        await FakeAvahi.AnswerAsync(ipv4, end);
        ipv4.Close();
        Assert.Equal(IPv6, await resolving);
    }

    [Fact]
    public async Task An_IPv6_address_that_comes_just_before_the_limit_is_taken_at_the_limit()
    {
        var resolving = ResolveAsync(Name);
        var (_, ipv6) = await _avahi.TakeQuestionsAsync(Name);
        _time.Advance(Limit - Moment);
        await FakeAvahi.AnswerAsync(ipv6, IPv6Answer);
        await UntilTimersAsync(2);
        _time.Advance(Moment);
        Assert.Equal(IPv6, await resolving);
    }

    [Theory]
    [InlineData(Error, IPv6Answer, "2001:db8::9")]
    [InlineData(IPv4Answer, Error, "192.0.2.9")]
    [InlineData(Error, Error, null)]
    public async Task One_that_finds_nothing_leaves_it_to_the_other(string ipv4Answer, string ipv6Answer, string? address)
    {
        var resolving = ResolveAsync(Name);
        var (ipv4, ipv6) = await _avahi.TakeQuestionsAsync(Name);
        var (first, second) = ipv4Answer == Error ? (ipv4, ipv6) : (ipv6, ipv4);
        await FakeAvahi.AnswerAsync(first, Error);
        Assert.True(await FakeAvahi.IsDroppedAsync(first)); // It has been read.
        Assert.False(resolving.IsCompleted);
        await FakeAvahi.AnswerAsync(second, second == ipv4 ? ipv4Answer : ipv6Answer);
        Assert.Equal(address, (await resolving)?.ToString());
    }

    [Fact]
    public async Task Without_any_answer_there_is_no_address_at_the_limit()
    {
        var resolving = ResolveAsync(Name);
        var (ipv4, ipv6) = await _avahi.TakeQuestionsAsync(Name);
        _time.Advance(Limit - Moment);
        await Task.Delay(50);
        Assert.False(resolving.IsCompleted);
        _time.Advance(Moment);
        Assert.Null(await resolving);
        Assert.True(await FakeAvahi.IsDroppedAsync(ipv4));
        Assert.True(await FakeAvahi.IsDroppedAsync(ipv6));
        await UntilTimersAsync(0);
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_is_no_answer()
    {
        var resolving = ResolveAsync(Name);
        var (ipv4, ipv6) = await _avahi.TakeQuestionsAsync(Name);
        await FakeAvahi.AnswerAsync(ipv4, $"+ 2 0 {Name} 192.0.2.1"); // Of 192.0.2.17: an address as well, but another.
        await FakeAvahi.AnswerAsync(ipv6, $"+ 2 1 {Name} 2001:db8::1");
        ipv4.Close();
        ipv6.Close();
        Assert.Null(await resolving);
    }

    [Fact]
    public async Task An_answer_without_a_line_break_is_read_for_1_KiB_and_is_no_answer()
    {
        var resolving = ResolveAsync(Name);
        var (ipv4, ipv6) = await _avahi.TakeQuestionsAsync(Name);
        await FakeAvahi.AnswerAsync(ipv4, $"+ 2 0 {Name} 192.0.2.9 ".PadRight(1025, 'x'));
        await FakeAvahi.AnswerAsync(ipv6, $"+ 2 1 {Name} 2001:db8::9 ".PadRight(1025, 'x'));
        Assert.Null(await resolving);
    }

    [Fact]
    public async Task A_name_with_a_line_break_is_not_asked_for()
    {
        Assert.Null(await ResolveAsync($"a.local\nRESOLVE-HOSTNAME-IPV4 {Name}"));
        Assert.False(_avahi.IsAsked);
        var resolving = ResolveAsync(Name);
        Assert.True(_avahi.IsAsked); // A good name is seen at once.
        _time.Advance(Limit);
        Assert.Null(await resolving);
    }

    [Fact]
    public async Task Without_Avahi_there_is_no_address()
    {
        var path = _avahi.SocketPath + "-of-nobody";
        Assert.Null(await ResolveAsync(Name, path));
        await File.WriteAllTextAsync(path, ""); // As a daemon that was killed leaves it: connecting is refused.
        Assert.Null(await ResolveAsync(Name, path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_cancels_gets_no_answer_and_nothing_stays_open(bool isIPv6Answered)
    {
        using var caller = new CancellationTokenSource();
        var resolving = ResolveAsync(Name, cancel: caller.Token);
        var (ipv4, ipv6) = await _avahi.TakeQuestionsAsync(Name);
        if (isIPv6Answered)
        {
            await FakeAvahi.AnswerAsync(ipv6, IPv6Answer);
            await UntilTimersAsync(2);
        }

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving);
        Assert.True(await FakeAvahi.IsDroppedAsync(ipv4));
        Assert.True(await FakeAvahi.IsDroppedAsync(ipv6));
        await UntilTimersAsync(0);
    }

    private Task<IPAddress?> ResolveAsync(string name, string? path = null, CancellationToken cancel = default) =>
        new AvahiResolver(path ?? _avahi.SocketPath, Limit, _time).ResolveAsync(name, cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);

    /// <summary>One timer runs for the limit, a second for the grace when IPv6 has been read. The last may go a moment after the answer has come.</summary>
    private async Task UntilTimersAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (_time.ActiveTimers != count)
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
