using System.Diagnostics;
using Bowline.Testing.Processes;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>Two processes of ours, one of them frozen: the connection is kept, and carries the next message within a second of its return.</summary>
public sealed class FreezeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(5, false)]
    [InlineData(5, true)]
    [InlineData(100, true)]
    [InlineData(300, true, Explicit = true)]
    public async Task A_frozen_process_goes_on_with_the_same_channel(int seconds, bool isSuspected)
    {
        await using var awake = await PeerProcess.StartAsync("ours", new { loopback = true });
        await using var frozen = await PeerProcess.StartAsync("ours");
        await awake.CommandAsync(new { @do = "channel", label = "life" });
        await PeerProcess.NegotiateAsync(awake, frozen);
        await awake.WaitAsync("open", "life");
        await EchoAsync(awake, "before");

        frozen.Process.Signal(Signals.Stop);
        if (isSuspected)
        {
            await awake.CommandAsync(new { @do = "suspect", @is = true });
        }

        await awake.CommandAsync(new { @do = "send", label = "life", text = "into the silence" });
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        await awake.CommandAsync(new { @do = "send", label = "life", text = "late in the silence" });
        var clock = Stopwatch.StartNew();
        frozen.Process.Signal(Signals.Continue);
        await awake.WaitAsync(e => (string?)e["on"] == "message" && (int)e["size"]! == "into the silence".Length);
        await awake.WaitAsync(e => (string?)e["on"] == "message" && (int)e["size"]! == "late in the silence".Length);
        output.WriteLine($"frozen {seconds} s: echoed {clock.ElapsedMilliseconds} ms after it went on");
        Assert.InRange(clock.ElapsedMilliseconds, 0, isSuspected ? 1_000 : 2_500);
        await EchoAsync(awake, "after");
    }

    private static async Task EchoAsync(PeerProcess peer, string text)
    {
        await peer.CommandAsync(new { @do = "send", label = "life", text });
        await peer.WaitAsync(e => (string?)e["on"] == "message" && (int)e["size"]! == text.Length);
    }
}
