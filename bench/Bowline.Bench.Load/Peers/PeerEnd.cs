using Bowline.Bench.Load.Processes;

namespace Bowline.Bench.Load.Peers;

/// <summary>One end of a figure, in a process of its own.</summary>
internal sealed class PeerEnd(ChildProcess process) : IAsyncDisposable
{
    public ChildProcess Process => process;

    /// <summary>Connects two ends anew; returns the milliseconds from the offer to the open channel.</summary>
    public static async Task<double> ConnectAsync(PeerEnd offerer, PeerEnd answerer, CancellationToken cancellationToken)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await offerer.SayAsync("offer");
        await answerer.SayAsync("answer " + await offerer.WaitAsync("offer", cancellationToken));
        await offerer.SayAsync("accept " + await answerer.WaitAsync("answer", cancellationToken));
        await offerer.WaitAsync("open", cancellationToken);
        await answerer.WaitAsync("open", cancellationToken);
        return clock.Elapsed.TotalMilliseconds;
    }

    public Task SayAsync(string command) => process.SayAsync(command);

    /// <summary>The rest of the next line that begins with a word.</summary>
    public Task<string> WaitAsync(string word, CancellationToken cancellationToken)
        => process.LineAsync(line => line == word ? "" : line.StartsWith(word + " ", StringComparison.Ordinal) ? line[(word.Length + 1)..] : null, cancellationToken);

    public async Task AskAsync(string command, string answer, CancellationToken cancellationToken)
    {
        await SayAsync(command);
        await WaitAsync(answer, cancellationToken);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
