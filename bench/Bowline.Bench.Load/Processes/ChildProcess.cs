using System.Diagnostics;
using System.Threading.Channels;

namespace Bowline.Bench.Load.Processes;

/// <summary>A process that dies with us, whose lines can be awaited and whose CPU time and memory can be read.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(512) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Task _pump;

    private ChildProcess(Process process)
    {
        _process = process;
        _pump = PumpAsync();
    }

    public int Pid => _process.Id;

    /// <summary>CPU time of the process and of all processes below it.</summary>
    public TimeSpan Cpu => ProcFile.CpuOfTree(Pid);

    /// <summary>Resident memory of the process and of all processes below it, in bytes.</summary>
    public long Rss => ProcFile.RssOfTree(Pid);

    /// <summary>Anonymous resident memory of the process alone, in bytes.</summary>
    public long Anonymous => ProcFile.Anonymous(Pid);

    public static async Task<ChildProcess> StartAsync(string program, params IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo("setpriv")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["--pdeathsig", "TERM", program, .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        return new ChildProcess(await ProcessThread.StartAsync(info));
    }

    /// <summary>This program again, in another role, in a process of its own.</summary>
    public static Task<ChildProcess> StartSelfAsync(params IReadOnlyList<string> arguments)
        => StartAsync(Environment.ProcessPath ?? throw new InvalidOperationException("no process path"), arguments);

    /// <summary>The first line of either output that <paramref name="pick"/> makes something of.</summary>
    public async Task<T> LineAsync<T>(Func<string, T?> pick, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        var seen = new List<string>();
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
            {
                if (pick(line) is { } value)
                {
                    return value;
                }

                seen.Add(line);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{_process.StartInfo.ArgumentList[2]} said nothing useful: {string.Join(" | ", seen)}", e);
        }

        throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[2]} ended: {string.Join(" | ", seen)}");
    }

    /// <summary>Writes a line to its standard input.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for a command that ends by itself.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task ExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _pump;
        if (_process.ExitCode != 0)
        {
            var said = string.Join(" | ", await _lines.Reader.ReadAllAsync(cancellationToken).ToArrayAsync(cancellationToken));
            throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[2]} ended with {_process.ExitCode}: {said}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.HasExited)
        {
            ProcFile.Terminate(Pid);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        await _pump;
        _process.Dispose();
    }

    private async Task PumpAsync()
    {
        await Task.WhenAll(PumpAsync(_process.StandardOutput), PumpAsync(_process.StandardError));
        _lines.Writer.TryComplete();
    }

    private async Task PumpAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
