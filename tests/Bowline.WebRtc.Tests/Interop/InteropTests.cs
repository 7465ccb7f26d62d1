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
}
