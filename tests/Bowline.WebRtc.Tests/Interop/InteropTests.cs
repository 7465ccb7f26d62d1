using System.Security.Cryptography;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>Our connection in one process with ours, libdatachannel's and werift's in another, each as offerer and answerer.</summary>
public sealed class InteropTests
{
    [Theory]
    [InlineData("ours", "ours", 262_144)]
    [InlineData("ours", "ndc", 262_144)]
    [InlineData("ndc", "ours", 262_144)]
    [InlineData("ours", "werift", 65_536, 1)]
    [InlineData("werift", "ours", 65_536, 1)]
    public async Task Every_size_and_kind_comes_back_byte_for_byte_and_a_close_is_seen(string offering, string answering, int longest, int shortest = 0)
    {
        await using var offerer = await PeerProcess.StartAsync(offering, new { loopback = true });
        await using var answerer = await PeerProcess.StartAsync(answering);
        await offerer.CommandAsync(new { @do = "channel", label = "echo" });
        await PeerProcess.NegotiateAsync(offerer, answerer);
        await offerer.WaitAsync("open", "echo");
        foreach (var size in (int[])[0, 1, 2, 100, 1200, 16_384, 65_535, 65_536, 100_000, 200_000, 262_144])
        {
            foreach (var kind in size <= longest && size >= shortest ? (string[])["text", "binary"] : [])
            {
                await offerer.CommandAsync(new { @do = "sendPattern", label = "echo", size, kind, seed = size + 1 });
                var answer = await offerer.WaitAsync("message", "echo");
                Assert.Equal(kind, (string)answer["kind"]!);
                Assert.Equal(size, (int)answer["size"]!);
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(PeerProgram.Pattern(size, size + 1))), (string)answer["sha256"]!);
            }
        }

        await offerer.CommandAsync(new { @do = "closeChannel", label = "echo" });
        await Task.WhenAll(offerer.WaitAsync("closed", "echo"), answerer.WaitAsync("closed", "echo"));
    }

    [Fact]
    public async Task What_werift_sends_beyond_the_size_it_takes_itself_arrives_byte_for_byte()
    {
        await using var offerer = await PeerProcess.StartAsync("werift", new { loopback = true });
        await using var answerer = await PeerProcess.StartAsync("ours", new { loopback = true });
        await offerer.CommandAsync(new { @do = "channel", label = "long" });
        await PeerProcess.NegotiateAsync(offerer, answerer);
        await offerer.WaitAsync("open", "long");
        foreach (var size in (int[])[65_537, 100_000, 262_144])
        {
            await offerer.CommandAsync(new { @do = "sendPattern", label = "long", size, kind = "binary", seed = size });
            var message = await answerer.WaitAsync("message", "long");
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(PeerProgram.Pattern(size, size))), (string)message["sha256"]!);
        }
    }

    [Theory]
    [InlineData("ours", "ours")]
    [InlineData("ours", "ndc")]
    [InlineData("ndc", "ours")]
    [InlineData("ours", "werift")]
    [InlineData("werift", "ours")]
    public async Task Channels_of_every_kind_and_many_at_once_carry_messages_and_are_closed_by_the_other_side(string offering, string answering)
    {
        await using var offerer = await PeerProcess.StartAsync(offering, new { loopback = true });
        await using var answerer = await PeerProcess.StartAsync(answering);
        await offerer.CommandAsync(new { @do = "channel", label = "first" });
        await PeerProcess.NegotiateAsync(offerer, answerer);
        await offerer.WaitAsync("open", "first");
        await offerer.CommandAsync(new { @do = "channel", label = "unordered", ordered = false });
        await offerer.CommandAsync(new { @do = "channel", label = "unordered, once", ordered = false, maxRetransmits = 0 });
        await offerer.CommandAsync(new { @do = "channel", label = "ordered, three times", maxRetransmits = 3 });
        string[] labels = ["first", "unordered", "unordered, once", "ordered, three times", .. Enumerable.Range(0, 16).Select(static i => $"one of many {i}")];
        foreach (var label in labels[4..])
        {
            await offerer.CommandAsync(new { @do = "channel", label });
        }

        if (answering != "ndc") // Which does not tell it.
        {
            await AssertAnnouncedAsync(answerer, "first", isOrdered: true, retransmits: null);
            await AssertAnnouncedAsync(answerer, "unordered", isOrdered: false, retransmits: null);
            await AssertAnnouncedAsync(answerer, "unordered, once", isOrdered: offering == "werift", retransmits: 0); // werift announces either, not both.
            await AssertAnnouncedAsync(answerer, "ordered, three times", isOrdered: true, retransmits: 3);
        }

        foreach (var (index, label) in labels.Index())
        {
            if (index > 0)
            {
                await offerer.WaitAsync("open", label);
            }

            await EchoAsync(offerer, answerer, label, 1200 + index);
        }

        foreach (var label in labels)
        {
            await answerer.CommandAsync(new { @do = "closeChannel", label });
            await offerer.WaitAsync("closed", label);
        }
    }

    /// <summary>libdatachannel is left out: it refuses new credentials.</summary>
    [Theory]
    [InlineData("ours", "ours")]
    [InlineData("ours", "werift")]
    [InlineData("werift", "ours")]
    public async Task After_restarts_of_ICE_by_either_process_the_same_channel_goes_on(string offering, string answering)
    {
        await using var offerer = await PeerProcess.StartAsync(offering, new { loopback = true });
        await using var answerer = await PeerProcess.StartAsync(answering);
        await offerer.CommandAsync(new { @do = "channel", label = "lasting" });
        await PeerProcess.NegotiateAsync(offerer, answerer);
        await offerer.WaitAsync("open", "lasting");
        foreach (var (by, to) in ((PeerProcess, PeerProcess)[])[(offerer, answerer), (answerer, offerer), (offerer, answerer)])
        {
            await PeerProcess.NegotiateAsync(by, to, "restart");
            await EchoAsync(offerer, answerer, "lasting", 20_000);
        }
    }

    private static async Task AssertAnnouncedAsync(PeerProcess answerer, string label, bool isOrdered, int? retransmits)
    {
        var channel = await answerer.WaitAsync("channel", label);
        Assert.Equal(isOrdered, (bool)channel["ordered"]!);
        Assert.Equal(retransmits, (int?)channel["maxRetransmits"]);
    }

    private static async Task EchoAsync(PeerProcess offerer, PeerProcess answerer, string label, int size)
    {
        await offerer.CommandAsync(new { @do = "sendPattern", label, size, kind = "binary", seed = size });
        try
        {
            var answer = await offerer.WaitAsync("message", label);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(PeerProgram.Pattern(size, size))), (string)answer["sha256"]!);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\nThe other side:\n{answerer.Process.Output}", e);
        }
    }
}
