using Bowline.Bench.Load.Serving;

namespace Bowline.Bench.Load.Processes;

/// <summary>This program in a serving role, in its own process; it says where it is reached.</summary>
internal sealed class HttpTarget(ChildProcess process, Uri url) : IAsyncDisposable
{
    public ChildProcess Process { get; } = process;

    public Uri Url { get; } = url;

    public static async Task<HttpTarget> StartAsync(IReadOnlyList<string> role, CancellationToken cancellationToken)
    {
        var process = await ChildProcess.StartSelfAsync(role);
        return new HttpTarget(process, new Uri(await process.LineAsync(Ready.Parse, cancellationToken)));
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
