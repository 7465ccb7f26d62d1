using Bowline.WebRtc.Tests.Hostile;

namespace Bowline.WebRtc.Tests.Peers;

/// <summary>Offers, answers, restarts and what does not fit.</summary>
public sealed class NegotiationTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_restart_of_ice_by_either_side_the_same_channel_goes_on_over_new_addresses(bool byOfferer)
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        var echo = EchoTests.EchoAsync(right);
        await using var answers = left.ReadAllAsync().GetAsyncEnumerator();
        var (offerer, answerer) = byOfferer ? (pair.Offerer, pair.Answerer) : (pair.Answerer, pair.Offerer);
        for (var i = 0; i < 2; i++)
        {
            var before = pair.Offerer.Status.Pair;
            offerer.RestartIce();
            await answerer.SetRemoteDescriptionAsync(await offerer.CreateOfferAsync());
            await offerer.SetRemoteDescriptionAsync(await answerer.CreateAnswerAsync());
            await left.SendTextAsync($"during {i}");
            using (var answer = await EchoTests.NextAsync(answers))
            {
                Assert.Equal($"during {i}", answer.GetText());
            }

            await ChannelTests.WaitUntilAsync(() => pair.Offerer.Status.Pair is { } now && now != before);
            await left.SendTextAsync($"after {i}");
            using var second = await EchoTests.NextAsync(answers);
            Assert.Equal($"after {i}", second.GetText());
        }
    }

    [Fact]
    public async Task An_offer_again_without_a_restart_changes_nothing_on_the_wire()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        var before = pair.Offerer.Status.Pair;
        await pair.NegotiateAsync();
        await left.SendTextAsync("still here");
        await using var messages = right.ReadAllAsync().GetAsyncEnumerator();
        using var message = await EchoTests.NextAsync(messages);
        Assert.Equal("still here", message.GetText());
        Assert.Equal(before, pair.Offerer.Status.Pair);
    }

    [Fact]
    public async Task Calls_that_do_not_fit_the_state_are_refused_and_change_nothing()
    {
        await using var pair = PeerPair.Create();
        Assert.Equal(WebRtcError.WrongState, (await Assert.ThrowsAsync<WebRtcException>(() => pair.Offerer.CreateAnswerAsync())).Error);
        Assert.Equal(WebRtcError.WrongState, (await Assert.ThrowsAsync<WebRtcException>(() => pair.Offerer.RollbackAsync())).Error);
        var offer = await pair.Offerer.CreateOfferAsync();
        Assert.Equal(WebRtcError.WrongState, (await Assert.ThrowsAsync<WebRtcException>(() => pair.Offerer.CreateOfferAsync())).Error);
        Assert.Equal(WebRtcError.WrongState, (await Assert.ThrowsAsync<WebRtcException>(() => pair.Offerer.SetRemoteDescriptionAsync(offer))).Error);
        Assert.Equal(
            WebRtcError.WrongState,
            (await Assert.ThrowsAsync<WebRtcException>(() => pair.Answerer.SetRemoteDescriptionAsync(offer with { Type = SessionDescriptionType.Answer }))).Error);
        Assert.Equal(
            WebRtcError.MalformedDescription,
            (await Assert.ThrowsAsync<WebRtcException>(() => pair.Answerer.SetRemoteDescriptionAsync(offer with { Sdp = "v=0\r\nrubbish\r\n" }))).Error);
        var left = pair.Offerer.CreateDataChannel("test");
        await pair.Answerer.SetRemoteDescriptionAsync(offer);
        await pair.Offerer.SetRemoteDescriptionAsync(await pair.Answerer.CreateAnswerAsync());
        await left.WaitForOpenAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task Two_offers_that_cross_are_resolved_by_taking_one_back()
    {
        await using var pair = PeerPair.Create();
        var left = pair.Offerer.CreateDataChannel("test");
        var offer = await pair.Offerer.CreateOfferAsync();
        await pair.Answerer.CreateOfferAsync();
        await pair.Answerer.RollbackAsync();
        await pair.Answerer.SetRemoteDescriptionAsync(offer);
        await pair.Offerer.SetRemoteDescriptionAsync(await pair.Answerer.CreateAnswerAsync());
        await left.WaitForOpenAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task Addresses_that_came_before_their_offer_outlast_the_taking_back_of_this_sides_own()
    {
        await using var pair = PeerPair.Create();
        var left = pair.Offerer.CreateDataChannel("test");
        var offer = await pair.Offerer.CreateOfferAsync();
        var own = SdpNegotiation.Read(offer).Data;
        await pair.Answerer.CreateOfferAsync();
        foreach (var address in own.Candidates)
        {
            await pair.Answerer.AddIceCandidateAsync(new(address.ToString(), "0", 0, own.UserFragment));
        }

        await pair.Answerer.AddIceCandidateAsync(new("candidate:1 1 udp 1 192.0.2.1 4000 typ host", "0", 0, "other"));
        await pair.Answerer.RollbackAsync();
        Assert.Equal(0, pair.Answerer.GetStatistics().CandidatesDropped);
        await pair.Answerer.SetRemoteDescriptionAsync(HostilePeer.WithoutAddresses(offer));
        var answer = await pair.Answerer.CreateAnswerAsync();
        Assert.Equal(1, pair.Answerer.GetStatistics().CandidatesDropped); // The one that was for no description.
        await pair.Offerer.SetRemoteDescriptionAsync(HostilePeer.WithoutAddresses(answer)); // Only the answerer knows where to send its checks.
        await left.WaitForOpenAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task Addresses_of_an_offer_that_is_taken_back_go_with_it()
    {
        await using var pair = PeerPair.Create();
        var offer = await pair.Offerer.CreateOfferAsync();
        await pair.Answerer.SetRemoteDescriptionAsync(offer);
        await pair.Answerer.AddIceCandidateAsync(new("candidate:1 1 udp 1 192.0.2.1 4000 typ host", "0", 0, SdpNegotiation.Read(offer).Data.UserFragment));
        await pair.Answerer.AddIceCandidateAsync(new("candidate:1 1 udp 1 192.0.2.2 4000 typ host", "0", 0, null));
        await pair.Answerer.RollbackAsync();
        Assert.Equal(2, pair.Answerer.GetStatistics().CandidatesDropped);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_certificate_that_is_not_the_one_in_the_description_is_refused_and_said(bool byOfferer)
    {
        await using var pair = PeerPair.Create();
        var left = pair.Offerer.CreateDataChannel("test");
        var (refusing, refused) = byOfferer ? (pair.Offerer, pair.Answerer) : (pair.Answerer, pair.Offerer);
        var offer = await pair.Offerer.CreateOfferAsync();
        await pair.Answerer.SetRemoteDescriptionAsync(byOfferer ? offer : WithAnotherFingerprint(offer));
        var answer = await pair.Answerer.CreateAnswerAsync();
        await pair.Offerer.SetRemoteDescriptionAsync(byOfferer ? WithAnotherFingerprint(answer) : answer);
        var failure = await Assert.ThrowsAsync<WebRtcException>(() => left.WaitForOpenAsync().WaitAsync(Limit));
        Assert.Equal(byOfferer ? WebRtcError.FingerprintMismatch : WebRtcError.ClosedByPeer, failure.Error);
        Assert.Equal(PeerConnectionState.Failed, refusing.Status.State);
        Assert.Equal(WebRtcError.FingerprintMismatch, refusing.Status.Failure?.Error);
        foreach (var side in (PeerConnection[])[refusing, refused])
        {
            using var limit = new CancellationTokenSource(Limit);
            await using var channels = side.ReadChannelsAsync(limit.Token).GetAsyncEnumerator(limit.Token);
            await Assert.ThrowsAsync<WebRtcException>(async () => await channels.MoveNextAsync());
        }

        static SessionDescription WithAnotherFingerprint(SessionDescription description)
        {
            Assert.True(SdpReader.TryRead(description.Sdp, out var session, out _));
            using var other = DtlsCertificate.Create(TimeProvider.System);
            var truth = new SdpFingerprint("sha-256", session!.Data!.Fingerprints[0].Value).ToString();
            var lie = new SdpFingerprint("sha-256", other.Fingerprint.ToArray()).ToString();
            Assert.Contains(truth, description.Sdp, StringComparison.Ordinal);
            return description with { Sdp = description.Sdp.Replace(truth, lie, StringComparison.Ordinal) };
        }
    }

    [Fact]
    public async Task When_one_side_closes_the_other_is_told_at_once()
    {
        var (pair, _, right) = await PeerPair.ConnectAsync();
        await using var __ = pair;
        var reading = ChannelTests.ReadToEndAsync(right);
        await pair.Offerer.DisposeAsync();
        var ended = await Assert.ThrowsAsync<WebRtcException>(() => reading.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(WebRtcError.ClosedByPeer, ended.Error);
        await foreach (var status in pair.Answerer.WatchAsync())
        {
            if (status.State == PeerConnectionState.Closed)
            {
                return;
            }
        }

        Assert.Fail("the connection was not seen to close");
    }

    [Fact]
    public async Task Without_an_address_that_may_be_used_an_offer_says_what_to_do()
    {
        await using var connection = PeerConnection.Create(new() { CandidateFilter = new() { Interfaces = ["nothing*"] } });
        var failure = await Assert.ThrowsAsync<WebRtcException>(() => connection.CreateOfferAsync());
        Assert.Equal(WebRtcError.NoLocalAddress, failure.Error);
    }
}
