using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Bowline.Nats.Server;
using Bowline.Testing.Processes;

namespace Bowline.Testing.NatsServers;

/// <summary>
/// A real nats-server on loopback for one test, with its own temporary folder. It dies with the test process and
/// takes its folder with it when disposed.
/// </summary>
public sealed class NatsServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private readonly NatsServerFolder _folder;
    private readonly ServerLog _log = new();
    private readonly TimeProvider _time;
    private Process? _process;
    private int _port = -1;
    private int _webSocketPort = -1;

    private NatsServerProcess(NatsServerOptions options, TimeProvider time)
    {
        _time = time;
        Options = options;
        Operator = options.OperatorMode ? new NatsTestOperator(time) : null;
        _folder = new NatsServerFolder(options, Operator, time);
    }

    /// <summary>What was asked for.</summary>
    public NatsServerOptions Options { get; }

    /// <summary>The client port; kept over restarts.</summary>
    public int Port => _port;

    /// <summary>The client address: <c>nats://</c> or <c>tls://</c>.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"{(Options.Tls ? "tls" : "nats")}://127.0.0.1:{_port}");

    /// <summary>The WebSocket address.</summary>
    /// <exception cref="InvalidOperationException">The server has no WebSocket listener.</exception>
    public string WebSocketUrl => Options.WebSocket
        ? string.Create(CultureInfo.InvariantCulture, $"ws://127.0.0.1:{_webSocketPort}")
        : throw new InvalidOperationException("This server was started without a WebSocket listener.");

    /// <summary>The monitoring address, which changes at a restart; null when there is none.</summary>
    public string? MonitoringUrl { get; private set; }

    /// <summary>The keys of operator mode; null without it.</summary>
    public NatsTestOperator? Operator { get; }

    /// <summary>The server's certificate when it speaks TLS, for clients to trust.</summary>
    public X509Certificate2? Certificate => _folder.Certificate;

    /// <summary>The certificate with which a client is let in, with its key; null when the server asks for none.</summary>
    public X509Certificate2? ClientCertificate => _folder.ClientCertificate;

    /// <summary>Where other servers join this one's cluster; null when it has none.</summary>
    public string? ClusterUrl { get; private set; }

    /// <summary>The process id.</summary>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    public int ProcessId => Running().Id;

    /// <summary>True while the process lives, frozen or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The server's temporary folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>The last lines of the server's log.</summary>
    public string Log => _log.ToString();

    /// <summary>Starts a server and waits until it accepts clients.</summary>
    /// <exception cref="FileNotFoundException">nats-server is not installed.</exception>
    /// <exception cref="InvalidOperationException">The server ended instead of starting; the message holds its log.</exception>
    public static async Task<NatsServerProcess> StartAsync(NatsServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        var server = new NatsServerProcess(options ?? NatsServerOptions.Plain, TimeProvider.System);
        try
        {
            await server.LaunchAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts the server again on the same ports and store; kills it first when it still runs.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await KillAsync(cancellationToken).ConfigureAwait(false);
        await LaunchAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts the server again on the same store and another client port: the old one is taken meanwhile.</summary>
    public async Task RestartElsewhereAsync(CancellationToken cancellationToken = default)
    {
        await KillAsync(cancellationToken).ConfigureAwait(false);
        using var taken = new TcpListener(IPAddress.Loopback, _port);
        taken.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        taken.Start();
        _port = -1;
        await LaunchAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the server gracefully (SIGINT) and waits for its end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (IsRunning)
        {
            Signals.Send(ProcessId, Signals.Interrupt);
            await WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Kills the server (SIGKILL) and waits for its end.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        if (IsRunning)
        {
            Running().Kill();
            await WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Freezes the server (SIGSTOP): its sockets stay open and nothing answers.</summary>
    /// <exception cref="TimeoutException">It did not stop.</exception>
    public void Freeze()
    {
        Signals.Send(ProcessId, Signals.Stop);
        if (!SpinWait.SpinUntil(() => Signals.HasStopped(ProcessId), StopTimeout))
        {
            throw new TimeoutException("The nats-server did not freeze.");
        }
    }

    /// <summary>Lets a frozen server go on (SIGCONT).</summary>
    public void Thaw() => Signals.Send(ProcessId, Signals.Continue);

    /// <summary>Kills the server and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None).ConfigureAwait(false);
        _process?.Dispose();
        _process = null;
        _folder.Dispose();
        Operator?.Dispose();
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var binary = NatsServerBinary.Find(Environment.GetEnvironmentVariable(NatsServerBinary.Variable), Environment.GetEnvironmentVariable("PATH"));
        _folder.WriteConfig(_port, _webSocketPort);
        var start = new ProcessStartInfo(binary, ["-c", _folder.ConfigFile]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        _process?.Dispose();
        _process = ChildProcesses.Start(start);
        _process.OutputDataReceived += (_, e) => _log.Add(e.Data);
        _process.ErrorDataReceived += (_, e) => _log.Add(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var ports = await WaitForPortsAsync(_process, cancellationToken).ConfigureAwait(false);
        _port = new Uri(ports.Clients![0]).Port;
        _webSocketPort = Options.WebSocket ? new Uri(ports.WebSocket![0]).Port : -1;
        ClusterUrl = ports.Cluster is { Count: > 0 } cluster ? cluster[0] : null;
        MonitoringUrl = Options.Monitoring ? ports.Monitoring![0] : null;
    }

    // The server writes the file after every listener is open and JetStream has recovered its streams.
    private async Task<NatsServerPorts> WaitForPortsAsync(Process process, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            if (_folder.ReadPorts(process.Id) is { } ports)
            {
                return ports;
            }

            if (process.HasExited)
            {
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                throw new InvalidOperationException($"nats-server ended with code {process.ExitCode} instead of starting:\n{Log}");
            }

            if (_time.GetElapsedTime(started) > StartTimeout)
            {
                throw new TimeoutException($"nats-server did not say where it listens within {StartTimeout.TotalSeconds} s:\n{Log}");
            }

            await Task.Delay(PollInterval, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(StopTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Running().WaitForExitAsync(both.Token).ConfigureAwait(false);
    }

    private Process Running() => _process ?? throw new InvalidOperationException("The nats-server is not running.");
}
