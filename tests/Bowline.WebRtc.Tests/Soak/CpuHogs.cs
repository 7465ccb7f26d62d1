using Bowline.Testing.Processes;

namespace Bowline.WebRtc.Tests.Soak;

/// <summary>Processes that only take processor time.</summary>
internal sealed class CpuHogs(int count) : IAsyncDisposable
{
    private readonly TestProcess[] _hogs = [.. Enumerable.Range(0, count).Select(static _ => TestProcess.Start("sh", ["-c", "while :; do :; done"]))];

    public async ValueTask DisposeAsync()
    {
        foreach (var hog in _hogs)
        {
            await hog.DisposeAsync();
        }
    }
}
