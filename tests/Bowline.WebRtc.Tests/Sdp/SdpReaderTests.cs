namespace Bowline.WebRtc.Tests.Sdp;

public sealed class SdpReaderTests
{
    [Fact]
    public void A_browsers_offer_is_read_with_all_that_data_channels_need()
    {
        var data = Read(SdpTexts.Browser).Data!;
        Assert.Equal(("0", "mVPF", "kmhZ2eLw6TlUGkXGMJzcnYRB"), (data.Mid, data.UserFragment, data.Password));
        Assert.Equal((SdpSetup.ActPass, (ushort)5000, 262_144UL), (data.Setup, data.SctpPort, data.MaxMessageSize));
        Assert.Equal("sha-256 " + SdpTexts.Fingerprint, Assert.Single(data.Fingerprints).ToString());
        Assert.True(Assert.Single(data.Candidates).IsMdnsName);
        Assert.False(data.IsGathered);
    }

    [Fact]
    public void What_stands_in_the_session_holds_for_its_sections()
    {
        var data = Read(SdpTexts.Shared).Data!;
        Assert.Equal(("Ko/p", "ChvAbrKlhSYOjXHIl4CB7u", SdpSetup.ActPass), (data.UserFragment, data.Password, data.Setup));
        Assert.Single(data.Fingerprints);
    }

    [Fact]
    public void The_older_form_is_read_and_its_default_for_the_longest_message_holds()
    {
        var session = Read(SdpTexts.Older.Replace("\r\n", "\n", StringComparison.Ordinal));
        Assert.Equal(["audio", "data"], session.Media.Select(static media => media.Mid));
        Assert.Equal(("data", (ushort)5000, 65_536UL), (session.Data!.Mid, session.Data.SctpPort, session.Data.MaxMessageSize));
    }

    [Theory]
    [InlineData("a=ice-ufrag:abc")]
    [InlineData("a=ice-ufrag:ab c1")]
    [InlineData("a=ice-pwd:tooshort")]
    [InlineData("a=fingerprint:sha-256 AA:BB")]
    [InlineData("a=fingerprint:sha-256")]
    [InlineData("a=setup:sometimes")]
    [InlineData("a=sctp-port:0")]
    [InlineData("a=sctp-port:65536")]
    [InlineData("a=max-message-size:-1")]
    [InlineData("a=candidate:1 1 udp 1 10.0.0.1")]
    [InlineData("a=mid:")]
    [InlineData("m=application")]
    [InlineData("m=application 99999 UDP/DTLS/SCTP webrtc-datachannel")]
    [InlineData("o=- 1 2")]
    [InlineData("rubbish")]
    public void A_line_that_is_wrong_is_named(string line)
    {
        var text = SdpTexts.Browser + line + "\r\n";
        Assert.False(SdpReader.TryRead(text, out _, out var problem));
        Assert.StartsWith($"line {text.Split('\n').Length - 1}:", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_limit_is_kept_and_what_is_just_below_it_is_read()
    {
        var candidate = "a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n";
        AssertLimit(candidate, SdpReader.MostCandidates - 1);
        AssertLimit("m=audio 9 X 1\r\n", SdpReader.MostMedia - 1);
        AssertLimit($"a=fingerprint:sha-256 {SdpTexts.Fingerprint}\r\n", SdpReader.MostFingerprints - 1);
        Assert.True(SdpReader.TryRead(SdpTexts.Browser + "a=x:" + new string('x', SdpReader.LongestLine - 4), out _, out _));
        Assert.False(SdpReader.TryRead(SdpTexts.Browser + "a=x:" + new string('x', SdpReader.LongestLine - 3), out _, out _));
        Assert.False(SdpReader.TryRead(SdpTexts.Browser + new string('\n', SdpReader.LongestText), out _, out _));
        Assert.False(SdpReader.TryRead("", out _, out _));

        static void AssertLimit(string line, int most)
        {
            Assert.True(SdpReader.TryRead(SdpTexts.Browser + string.Concat(Enumerable.Repeat(line, most)), out _, out _));
            Assert.False(SdpReader.TryRead(SdpTexts.Browser + string.Concat(Enumerable.Repeat(line, most + 1)), out _, out _));
        }
    }

    [Fact]
    public void What_is_written_is_read_again_as_it_was()
    {
        foreach (var text in SdpTexts.All)
        {
            var session = Read(text);
            var again = Read(SdpWriter.Write(session));
            Assert.Equal(SdpWriter.Write(session), SdpWriter.Write(again));
            var (a, b) = (session.Data!, again.Data!);
            Assert.Equal((a.Mid, a.UserFragment, a.Password, a.Setup, a.SctpPort, a.MaxMessageSize), (b.Mid, b.UserFragment, b.Password, b.Setup, b.SctpPort, b.MaxMessageSize));
            Assert.Equal(a.Fingerprints, b.Fingerprints);
            Assert.Equal(a.Candidates, b.Candidates);
        }
    }

    [Fact]
    public void An_answer_rejects_the_sections_it_has_no_use_for_in_the_order_of_the_offer()
    {
        var offer = Read(SdpTexts.Older);
        var ours = new SdpMedia { Kind = "application", Protocol = SdpNegotiation.Protocol, Format = SdpNegotiation.Format, Mid = "data" };
        var sections = SdpNegotiation.AnswerSections(offer, offer.Data!, ours);
        Assert.Equal([true, false], sections.Select(static media => media.IsRejected));
        Assert.Contains("m=audio 0 UDP/TLS/RTP/SAVPF 109 9", SdpWriter.Write(new(1, 1, sections)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL, 1000, 1000)]
    [InlineData(500UL, 1000, 500)]
    [InlineData(ulong.MaxValue, 1000, 1000)]
    public void The_longest_message_to_send_is_what_both_allow(ulong theirs, int ours, int expected) => Assert.Equal(expected, SdpNegotiation.LongestToSend(theirs, ours));

    [Fact]
    public void The_answerer_is_the_client_unless_the_offer_says_otherwise_and_keeps_its_role()
    {
        Assert.True(SdpNegotiation.IsClientAsAnswerer(SdpSetup.ActPass, null));
        Assert.True(SdpNegotiation.IsClientAsAnswerer(SdpSetup.Passive, null));
        Assert.False(SdpNegotiation.IsClientAsAnswerer(SdpSetup.Active, null));
        Assert.False(SdpNegotiation.IsClientAsAnswerer(SdpSetup.ActPass, before: false));
    }

    [Theory]
    [InlineData("a=ice-ufrag:mVPF\r\n", "", WebRtcError.MalformedDescription)]
    [InlineData("a=fingerprint:sha-256", "a=fingerprint:sha-999", WebRtcError.MalformedDescription)]
    [InlineData("m=application 9", "m=application 0", WebRtcError.NothingInCommon)]
    [InlineData("UDP/DTLS/SCTP", "UDP/TLS/RTP/SAVPF", WebRtcError.NothingInCommon)]
    public void A_description_without_what_is_needed_is_refused_with_a_reason(string what, string by, WebRtcError error)
    {
        var text = SdpTexts.Browser.Replace(what, by, StringComparison.Ordinal);
        var refused = Assert.Throws<WebRtcException>(() => SdpNegotiation.Read(new(SessionDescriptionType.Offer, text)));
        Assert.Equal(error, refused.Error);
    }

    private static SdpSession Read(string text)
    {
        Assert.True(SdpReader.TryRead(text, out var session, out var problem), problem);
        return session!;
    }
}
