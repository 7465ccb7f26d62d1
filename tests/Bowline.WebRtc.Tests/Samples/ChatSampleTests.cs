using Bowline.Testing.Processes;

namespace Bowline.WebRtc.Tests.Samples;

/// <summary>samples/DataChannelChat: two processes, each with what a person would paste and type.</summary>
public sealed class ChatSampleTests
{
    [Fact]
    public async Task Two_terminals_chat_both_ways_and_quitting_one_ends_both()
    {
        await using var left = SampleProgram.Start("DataChannelChat");
        await using var right = SampleProgram.Start("DataChannelChat", "answer");
        await MeetAsync(left, right);

        await left.WriteLineAsync("hello from the left, grüße");
        await WaitForAsync(right, "< hello from the left, grüße");
        await right.WriteLineAsync("and \u001b[31mback");
        await WaitForAsync(left, "< and \uFFFD[31mback");

        await left.WriteLineAsync("a last word");
        await left.WriteLineAsync("/quit");
        await WaitForAsync(right, "< a last word");
        await WaitForAsync(right, "* the other side has left");
        Assert.Equal(0, await left.WaitForExitAsync(SampleProgram.Limit));
        Assert.Equal(0, await right.WaitForExitAsync(SampleProgram.Limit));
    }

    [Fact]
    public async Task A_wrong_paste_is_explained_and_may_be_repeated()
    {
        await using var left = SampleProgram.Start("DataChannelChat", "offer");
        await using var right = SampleProgram.Start("DataChannelChat", "answer");
        var offer = await left.WaitForLineAsync(static line => line.StartsWith("offer.", StringComparison.Ordinal), SampleProgram.Limit);

        await left.WriteLineAsync(offer);
        await left.WaitForLineAsync(static line => line.Contains("here the answer of the other terminal is needed", StringComparison.Ordinal), SampleProgram.Limit);
        await right.WriteLineAsync("good morning");
        await right.WaitForLineAsync(static line => line.Contains("which begins with 'offer.'", StringComparison.Ordinal), SampleProgram.Limit);
        await right.WriteLineAsync("offer.%%%");
        await right.WaitForLineAsync(static line => line.Contains("damaged", StringComparison.Ordinal), SampleProgram.Limit);
        await right.WriteLineAsync("offer.aGVsbG8");
        await right.WaitForLineAsync(static line => line.StartsWith("* The offer cannot be read", StringComparison.Ordinal), SampleProgram.Limit);

        await MeetAsync(left, right, offer);
        left.CloseInput();
        Assert.Equal(0, await left.WaitForExitAsync(SampleProgram.Limit));
        Assert.Equal(0, await right.WaitForExitAsync(SampleProgram.Limit));
    }

    [Fact]
    public async Task A_frozen_side_is_told_and_what_was_typed_meanwhile_arrives_and_an_interrupt_ends_both()
    {
        await using var left = SampleProgram.Start("DataChannelChat");
        await using var right = SampleProgram.Start("DataChannelChat", "answer");
        await MeetAsync(left, right);

        right.Signal(Signals.Stop);
        await left.WaitForLineAsync(static line => line.StartsWith("* the connection is silent", StringComparison.Ordinal), SampleProgram.Limit);
        await left.WriteLineAsync("are you there?");
        right.Signal(Signals.Continue);
        await WaitForAsync(left, "* the connection answers again");
        await WaitForAsync(right, "< are you there?");

        right.Signal(Signals.Interrupt);
        Assert.Equal(0, await right.WaitForExitAsync(SampleProgram.Limit));
        await WaitForAsync(left, "* the other side has left");
        Assert.Equal(0, await left.WaitForExitAsync(SampleProgram.Limit));
    }

    private static async Task MeetAsync(TestProcess left, TestProcess right, string? offer = null)
    {
        await right.WriteLineAsync(offer ?? await left.WaitForLineAsync(static line => line.StartsWith("offer.", StringComparison.Ordinal), SampleProgram.Limit));
        await left.WriteLineAsync(await right.WaitForLineAsync(static line => line.StartsWith("answer.", StringComparison.Ordinal), SampleProgram.Limit));
        await WaitForAsync(left, "* connected; /quit or Ctrl-C ends");
        await WaitForAsync(right, "* connected; /quit or Ctrl-C ends");
    }

    private static Task<string> WaitForAsync(TestProcess process, string line) =>
        process.WaitForLineAsync(printed => string.Equals(printed, line, StringComparison.Ordinal), SampleProgram.Limit);
}
