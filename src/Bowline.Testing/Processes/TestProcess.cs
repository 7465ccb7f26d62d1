using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Bowline.Testing.Processes;

/// <summary>
/// A real process of a test: its output is collected line by line, signals can be sent to it, and it ends with the test
/// at the latest (also when the test process itself is killed, through the parent-death signal).
/// </summary>
public sealed class TestProcess : IAsyncDisposable
{
    private const int MostLines = 20_000;
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _data = [];
    private readonly Channel<string> _news = Channel.CreateBounded<string>(new BoundedChannelOptions(MostLines) { FullMode = BoundedChannelFullMode.DropOldest });

    private int _ended;

    private TestProcess(Process process) => _process = process;

    /// <summary>The operating system's id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Everything printed so far, standard output and error in the order they came.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>What it printed to standard output so far.</summary>
    public string Data
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _data);
            }
        }
    }

    /// <summary>Starts an executable.</summary>
    /// <param name="file">Path of the executable.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables set on top of this process's own; null removes one.</param>
    /// <param name="ownGroup">Gives it a process group of its own, as a shell gives a command, for <see cref="SignalGroup"/>.</param>
    public static TestProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, bool ownGroup = false)
    {
        if (ownGroup)
        {
            // Whatever started the tests may ignore Ctrl-C, which children inherit; a command at a prompt does not.
            arguments = ["env", "--default-signal=INT", file, .. arguments];
            file = "setsid";
        }

        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var process = ChildProcesses.Start(start);
        var test = new TestProcess(process);
        process.OutputDataReceived += (_, line) => test.Add(line.Data, isData: true);
        process.ErrorDataReceived += (_, line) => test.Add(line.Data, isData: false);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return test;
    }

    /// <summary>Waits for a printed line (one already printed counts) and returns it.</summary>
    /// <exception cref="TimeoutException">It did not come in time; the message holds the whole output.</exception>
    /// <exception cref="InvalidOperationException">The process ended without it.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> match, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await foreach (var line in _news.Reader.ReadAllAsync(limit.Token))
            {
                if (match(line))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The expected line did not come within {timeout}. Output so far:\n{Output}", late);
        }

        await _process.WaitForExitAsync(cancellationToken);
        throw new InvalidOperationException($"The process ended (code {_process.ExitCode}) without the expected line. Output:\n{Output}");
    }

    /// <summary>Writes a line to its standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Writes to its standard input without ending the line.</summary>
    public async Task WriteAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Closes its standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Sends one of <see cref="Signals"/>.</summary>
    public void Signal(int signal) => Signals.Send(_process.Id, signal);

    /// <summary>Sends a signal to its whole process group, as a terminal does on Ctrl-C; it was started with a group of its own.</summary>
    public void SignalGroup(int signal) => Signals.Send(-_process.Id, signal);

    /// <summary>Waits for its end and returns the exit code.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The process did not end within {timeout}. Output:\n{Output}", late);
        }

        return _process.ExitCode;
    }

    /// <summary>Kills it and what it started, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Add(string? line, bool isData)
    {
        if (line is null)
        {
            // Each of the two streams ends with a null: after both there is no more news to wait for.
            if (Interlocked.Increment(ref _ended) == 2)
            {
                _news.Writer.TryComplete();
            }

            return;
        }

        lock (_gate)
        {
            if (_lines.Count < MostLines)
            {
                _lines.Add(line);
                if (isData)
                {
                    _data.Add(line);
                }
            }
        }

        _news.Writer.TryWrite(line);
    }
}
