namespace Bowline.WebRtc.Tests.Interop;

/// <summary>A certificate that is not the one in the description, between us and the other stacks. Whoever answers is the client of DTLS.</summary>
public sealed class FingerprintTests
{
    private const string Fingerprint = "a=fingerprint:";

    [Theory]
    [InlineData("ours", "ndc")]
    [InlineData("ndc", "ours")]
    [InlineData("ours", "werift")]
    [InlineData("werift", "ours")]
    public async Task One_that_the_other_side_did_not_describe_ends_our_connection(string offering, string answering)
    {
        var peers = await Task.WhenAll(PeerProcess.StartAsync(offering, new { loopback = true }), PeerProcess.StartAsync(answering, new { loopback = true }));
        await using var offerer = peers[0];
        await using var answerer = peers[1];
        var (ours, foreign) = offering == "ours" ? (offerer, answerer) : (answerer, offerer);
        await offerer.CommandAsync(new { @do = "channel", label = "never" });
        await PeerProcess.NegotiateAsync(offerer, answerer, change: (from, line) => from == foreign ? Alter(line) : line);
        var end = await ours.WaitAsync(static e => (string?)e["on"] == "state" && e["failure"] is not null);
        Assert.Equal("failed", (string)end["value"]!);
        Assert.Equal(nameof(WebRtcError.FingerprintMismatch), (string)end["failure"]!);
        AssertNeverOpen(offerer, answerer);
    }

    [Theory]
    [InlineData("ours", "ndc", nameof(WebRtcError.HandshakeFailed))]
    [InlineData("ndc", "ours", nameof(WebRtcError.HandshakeFailed))]
    [InlineData("ours", "werift", null)]
    [InlineData("werift", "ours", null)]
    public async Task One_that_we_did_not_describe_is_refused_by_the_other_side_and_we_do_not_come_up(string offering, string answering, string? expected)
    {
        var peers = await Task.WhenAll(PeerProcess.StartAsync(offering, new { loopback = true }), PeerProcess.StartAsync(answering, new { loopback = true }));
        await using var offerer = peers[0];
        await using var answerer = peers[1];
        var (ours, foreign) = offering == "ours" ? (offerer, answerer) : (answerer, offerer);
        await offerer.CommandAsync(new { @do = "channel", label = "never" });
        await PeerProcess.NegotiateAsync(offerer, answerer, change: (from, line) => from == ours ? Alter(line) : line);
        await foreign.WaitAsync(static e => (string?)e["on"] == "state" && (string?)e["value"] == "failed");
        if (expected is not null)
        {
            var end = await ours.WaitAsync(static e => (string?)e["on"] == "state" && e["failure"] is not null);
            Assert.Equal(expected, (string)end["failure"]!);
        }
        else
        {
            // werift refuses after the handshake and says nothing, so we wait for its SCTP for as long as our owner does.
            await ours.CommandAsync(new { @do = "close" });
            await ours.WaitAsync("over");
        }

        Assert.DoesNotContain("\"connected\"", ours.Process.Output, StringComparison.Ordinal);
        AssertNeverOpen(offerer, answerer);
    }

    private static void AssertNeverOpen(params PeerProcess[] peers)
    {
        foreach (var peer in peers)
        {
            Assert.DoesNotContain("\"on\":\"open\"", peer.Process.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("\"on\":\"channel\"", peer.Process.Output, StringComparison.Ordinal);
        }
    }

    /// <summary>The last digit is another one.</summary>
    private static string Alter(string line) => line.StartsWith(Fingerprint, StringComparison.Ordinal) ? line[..^1] + (line[^1] == '0' ? '1' : '0') : line;
}
