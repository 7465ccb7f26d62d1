using System.Text;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Hostile;

/// <summary>A peer may use a stream again as soon as it has the reset of the victim, also while its confirmation of that is lost.</summary>
public sealed class StreamReuseTests : IAsyncLifetime
{
    private const ushort Stream = 0;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _limit = new(Limit);
    private HostilePeer? _peer;
    private IAsyncEnumerator<IDataChannel>? _channels;

    private HostilePeer Peer => _peer!;

    private long Refused => Peer.Victim.GetStatistics().MessagesRefused;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_new_channel_is_read_at_once_and_answered_when_the_end_of_the_old_one_is_confirmed()
    {
        await ConnectAsync(PeerPair.Loopback);
        var first = await OpenAsync("first");
        await EndWithoutConfirmationAsync();
        Assert.NotEqual(DataChannelState.Closed, first.State); // It does not know yet that its reset was taken.
        var second = await OpenAsync("second");
        Assert.Equal((DataChannelState.Closed, DataChannelState.Connecting), (first.State, second.State));
        Assert.Empty(await ChannelTests.ReadToEndAsync(first).WaitAsync(Limit));
        Say("for the second");
        await ExpectAsync(second, "for the second");

        var sending = Enumerable.Range(0, 20).Select(i => second.SendTextAsync($"{i}", _limit.Token).AsTask()).ToList();
        var other = Peer.Victim.CreateDataChannel("other", new() { NegotiatedId = 3 });
        await other.SendTextAsync("meanwhile", _limit.Token);
        await ChannelTests.WaitUntilAsync(() => Texts(3).Contains("meanwhile"));
        Assert.All(sending, static sent => Assert.False(sent.IsCompleted)); // This side cannot send on the stream yet.
        Assert.Equal(30, second.BufferedAmount);

        Peer.LosesConfirmations = false; // The reset is repeated, and what waits for its end goes on.
        await Task.WhenAll(sending).WaitAsync(Limit);
        await ChannelTests.WaitUntilAsync(() => Texts(Stream).Length == sending.Count);
        Assert.Equal(Enumerable.Range(0, sending.Count).Select(static i => $"{i}"), Texts(Stream));
        Assert.Equal(2, Acknowledged);
        Assert.Equal((DataChannelState.Open, 0L, 0), (second.State, second.BufferedAmount, Refused));
    }

    [Fact]
    public async Task The_new_channel_is_closed_by_the_peer_before_that()
    {
        await ConnectAsync(PeerPair.Loopback);
        await OpenAsync("first");
        await EndWithoutConfirmationAsync();
        var second = await OpenAsync("second");
        Say("short");
        Peer.Reset(Stream);
        await ChannelTests.WaitUntilAsync(() => Peer.Confirmed.Count(static stream => stream == Stream) == 2);
        Peer.LosesConfirmations = false;
        Assert.Equal(["short"], await ChannelTests.ReadToEndAsync(second).WaitAsync(Limit));
        Assert.Equal(DataChannelState.Closed, second.State);
        await ChannelTests.WaitUntilAsync(() => Peer.Resets.Count(static stream => stream == Stream) == 2);
        await OpenAsync("third");
    }

    [Fact]
    public async Task The_new_channel_is_closed_by_its_reader_before_that()
    {
        await ConnectAsync(PeerPair.Loopback);
        await OpenAsync("first");
        await EndWithoutConfirmationAsync();
        var second = await OpenAsync("second");
        var sending = second.SendTextAsync("before the end", _limit.Token);
        var closing = second.CloseAsync(_limit.Token);
        var refused = await Assert.ThrowsAsync<WebRtcException>(() => second.SendTextAsync("after it", _limit.Token).AsTask());
        Assert.Equal(WebRtcError.Closed, refused.Error);
        Assert.DoesNotContain("WaitForOpenAsync", refused.Message, StringComparison.Ordinal);
        Peer.LosesConfirmations = false;
        await sending;
        await ChannelTests.WaitUntilAsync(() => Peer.Resets.Count(static stream => stream == Stream) == 2);
        Assert.Equal(["before the end"], Texts(Stream));
        Peer.Reset(Stream);
        await closing;
        await OpenAsync("third");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_comes_on_the_new_channel_before_that_than_the_budget_holds(bool waits)
    {
        const int Count = 100;
        await ConnectAsync(PeerPair.Loopback with { ReceiveBudget = 64 * 1024 });
        await OpenAsync("first");
        await EndWithoutConfirmationAsync();
        Announce("second");
        for (var i = 0; i < Count; i++)
        {
            Say(new string('x', 1000));
        }

        Assert.True(await _channels!.MoveNextAsync());
        await ChannelTests.WaitUntilAsync(() => Peer.Victim.GetStatistics().MessageBytesReceived >= 59_000); // As much as there is room for: the confirmation comes behind it.
        Peer.LosesConfirmations = false;
        var second = _channels.Current;
        if (waits)
        {
            await second.WaitForOpenAsync(_limit.Token);
        }

        await using var messages = second.ReadAllAsync(_limit.Token).GetAsyncEnumerator(_limit.Token);
        for (var i = 0; i < Count; i++)
        {
            using var message = await EchoTests.NextAsync(messages);
            Assert.Equal(1000, message.Content.Length);
            await second.SendTextAsync($"{i}", _limit.Token); // An echo: it reads on when it has answered.
        }

        await ChannelTests.WaitUntilAsync(() => Texts(Stream).Length == Count);
        Assert.Equal(Enumerable.Range(0, Count).Select(static i => $"{i}"), Texts(Stream));
        Peer.Reset(Stream);
        await ChannelTests.WaitUntilAsync(() => second.State == DataChannelState.Closed);
        await OpenAsync("third");
    }

    [Fact]
    public async Task Nobody_asks_for_the_channels_and_what_comes_on_them_is_not_kept()
    {
        await ConnectAsync(PeerPair.Loopback with { MaxChannels = 1, ReceiveBudget = 64 * 1024 });
        for (var i = 1; i <= 3; i++)
        {
            Announce("unread");
            await ChannelTests.WaitUntilAsync(() => Acknowledged == (2 * i) - 1);
            await EndWithoutConfirmationAsync();
            Announce("one too many");
            Say(new string('x', 40 * 1024));
            await ChannelTests.WaitUntilAsync(() => Refused == 2 * i);
            Peer.LosesConfirmations = false;
            await ChannelTests.WaitUntilAsync(() => Peer.Resets.Count(static stream => stream == Stream) == 2 * i);
            Peer.Reset(Stream);
            await ChannelTests.WaitUntilAsync(() => Peer.Confirmed.Count(static stream => stream == Stream) == 2 * i);
            Assert.True(await _channels!.MoveNextAsync());
            Assert.Equal("unread", _channels.Current.Label);
        }

        var last = await OpenAsync("last");
        Say("still here");
        await ExpectAsync(last, "still here");
    }

    [Fact]
    public async Task A_stream_of_the_victims_own_keeps_its_channel()
    {
        await ConnectAsync(PeerPair.Loopback);
        var first = Peer.Victim.CreateDataChannel("first");
        await ChannelTests.WaitUntilAsync(() => Peer.Heard.Any(heard => heard.Stream == first.Id));
        Peer.LosesConfirmations = true;
        Peer.Reset((ushort)first.Id!);
        await ChannelTests.WaitUntilAsync(() => Peer.Resets.Contains((ushort)first.Id!));
        Peer.SendMessage((ushort)first.Id!, DataChannelPpid.Control, HostilePeer.Open("not yours", ""));
        await ChannelTests.WaitUntilAsync(() => Refused == 1);
        Assert.Equal(DataChannelState.Closing, first.State);
        Peer.LosesConfirmations = false;
        await ChannelTests.WaitUntilAsync(() => first.State == DataChannelState.Closed);
    }

    public async ValueTask DisposeAsync()
    {
        if (_channels is not null)
        {
            await _channels.DisposeAsync();
        }

        if (_peer is not null)
        {
            await _peer.DisposeAsync();
        }

        _limit.Dispose();
    }

    private int Acknowledged => Peer.Heard.Count(static heard => heard is { Stream: Stream, Ppid: DataChannelPpid.Control, Content: [2, ..] });

    private string[] Texts(ushort stream) => [.. Peer.Heard.Where(heard => heard.Stream == stream && heard.Ppid == DataChannelPpid.Text).Select(static heard => Encoding.UTF8.GetString(heard.Content))];

    private static async Task ExpectAsync(IDataChannel channel, string text)
    {
        await using var messages = channel.ReadAllAsync().GetAsyncEnumerator();
        using var message = await EchoTests.NextAsync(messages);
        Assert.Equal(text, message.GetText());
    }

    private async Task ConnectAsync(PeerConnectionOptions options)
    {
        _peer = await HostilePeer.ConnectAsync(options);
        _channels = _peer.Victim.ReadChannelsAsync(_limit.Token).GetAsyncEnumerator(_limit.Token);
    }

    private void Announce(string label) => Peer.SendMessage(Stream, DataChannelPpid.Control, HostilePeer.Open(label, ""));

    private void Say(string text) => Peer.SendMessage(Stream, DataChannelPpid.Text, Encoding.UTF8.GetBytes(text));

    private async Task<IDataChannel> OpenAsync(string label)
    {
        Announce(label);
        Assert.True(await _channels!.MoveNextAsync());
        Assert.Equal(label, _channels.Current.Label);
        return _channels.Current;
    }

    /// <summary>The peer ends its side of the stream, and the victim its own, of which it does not hear that it was taken.</summary>
    private async Task EndWithoutConfirmationAsync()
    {
        var before = Peer.Resets.Count(static stream => stream == Stream);
        Peer.LosesConfirmations = true;
        Peer.Reset(Stream);
        await ChannelTests.WaitUntilAsync(() => Peer.Resets.Count(static stream => stream == Stream) == before + 1);
    }
}
