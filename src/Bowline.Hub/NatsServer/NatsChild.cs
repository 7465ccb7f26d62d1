using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.NatsServer;

/// <summary>One running nats-server process.</summary>
internal sealed class NatsChild : IAsyncDisposable
{
    private const int KeptLines = 20;
    /// <summary>nats-server ends within milliseconds of being asked; after this it is killed.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    // Ends the server when its standard input ends, which happens however the hub dies. For systems without setpriv.
    private const string Watcher = "exec 3<&0; \"$@\" 3<&- & c=$!; (cat <&3 >/dev/null; kill -TERM $c) & w=$!; wait $c; s=$?; kill $w 2>/dev/null; exit $s";

    private static readonly string[] SetprivPaths = ["/usr/bin/setpriv", "/bin/setpriv"];
    private static readonly string[] SetsidPaths = ["/usr/bin/setsid", "/bin/setsid"];

    private readonly Process _process;
    private readonly bool _watched;
    private readonly Queue<string> _lastLines = new();
    private readonly Task _output;
    private readonly TimeProvider _time;

    private NatsChild(Process process, bool watched, TimeProvider time, ILogger logger)
    {
        _process = process;
        _watched = watched;
        _time = time;
        _output = ReadOutputAsync(logger);
        Exited = ExitAsync();
    }

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited { get; }

    public int ProcessId => _process.Id;

    /// <summary>The last lines the server logged, for the error message when it does not start.</summary>
    public string LastLines
    {
        get
        {
            lock (_lastLines)
            {
                return string.Join('\n', _lastLines);
            }
        }
    }

    public static async Task<NatsChild> StartAsync(string binary, NatsServerFolder folder, bool useSetpriv, TimeProvider time, ILogger logger)
    {
        var setpriv = useSetpriv ? Setpriv() : null;

        // A session of its own: Ctrl-C goes to every process of the terminal's group, and the server must outlive the hub's clean-up.
        var setsid = Array.Find(SetsidPaths, File.Exists);
        IEnumerable<string> session = setsid is not null ? [setsid] : [];
        IEnumerable<string> tie = setpriv is not null ? [setpriv, "--pdeathsig", "TERM", binary] : ["/bin/sh", "-c", Watcher, "sh", binary];
        string[] command = [.. session, .. tie, "-c", folder.Config];
        var info = new ProcessStartInfo { FileName = command[0], RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = folder.Root };
        foreach (var argument in command.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        return new NatsChild(await ForkThread.StartAsync(info), watched: setpriv is null, time, logger);
    }

    /// <summary>SIGTERM flushes the streams; after five seconds SIGKILL.</summary>
    public async Task StopAsync()
    {
        if (_watched)
        {
            _process.StandardInput.Close();
        }
        else
        {
            UnixProcess.Signal(_process.Id, UnixProcess.Terminate);
        }

        try
        {
            await Exited.WaitAsync(StopPatience, _time);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await Exited;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            await StopAsync();
        }

        await _output;
        _process.Dispose();
    }

    internal static string? Setpriv() => !OperatingSystem.IsLinux() ? null : Array.Find(SetprivPaths, File.Exists);

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private async Task ReadOutputAsync(ILogger logger)
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            HubLog.NatsServerSaid(logger, line);
            lock (_lastLines)
            {
                _lastLines.Enqueue(line);
                if (_lastLines.Count > KeptLines)
                {
                    _lastLines.Dequeue();
                }
            }
        }
    }
}
