using System.Globalization;
using Bowline.Core.Health;
using Bowline.Hub.Links;
using Bowline.Nats;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;
using Bowline.Nats.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.NatsServer;

/// <summary>Keeps one nats-server child running for as long as the hub runs.</summary>
internal sealed class EmbeddedNats : INatsBackend, IHostedService, IAsyncDisposable
{
    private static readonly HealthCode LoopWarning = new("nats-server-crashing", "nats-server keeps crashing", HealthSeverity.Error, TimeSpan.Zero);

    /// <summary>A healthy start takes 0.1 s; a large store that is recovered after a crash takes seconds.</summary>
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(10);

    /// <summary>The ports file comes about 30 ms after the start; asking is a look at one file.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly HubOptions _options;
    private readonly LinkCredentialStore _credentials;
    private readonly HealthTracker _health;
    private readonly TimeProvider _time;
    private readonly ILogger<EmbeddedNats> _logger;
    private readonly NatsServerFolder _folder;
    private readonly NatsKeyRing _keys;
    private readonly CrashHistory _crashes;
    private readonly RevocationPush _push;
    private readonly CancellationTokenSource _stopping = new();
    private NatsChild? _child;
    private Task _watch = Task.CompletedTask;
    private string _binary = "";
    private int _port;
    private Uri? _url;
    private int _disposed;

    public EmbeddedNats(HubOptions options, LinkCredentialStore credentials, HealthTracker health, TimeProvider time, ILogger<EmbeddedNats> logger)
    {
        _options = options;
        _credentials = credentials;
        _health = health;
        _time = time;
        _logger = logger;
        _folder = new NatsServerFolder(Path.Combine(Path.GetFullPath(options.DataFolder), "nats"));
        _keys = NatsKeyRing.LoadOrCreate(Path.Combine(options.DataFolder, "keys"));
        _crashes = new CrashHistory(time, new CryptoRandom());
        _push = new RevocationPush(credentials, health, SendRevocationsAsync, time, logger);
    }

    /// <summary>Raised when <see cref="Url"/> has changed: the server is ready, or gone.</summary>
    public event EventHandler? UrlChanged;

    public Uri? Url
    {
        get => Volatile.Read(ref _url);
        private set
        {
            Volatile.Write(ref _url, value);
            UrlChanged?.Invoke(this, EventArgs.Empty);
        }
    }

    public string LinkAccount => _keys.Link.PublicKey;

    public NKeyPair LinkSigningKey => _keys.LinkSigning;

    public IReadOnlyList<Uri> PublishedUrls => [];

    public bool RevokesAtOnce => true;

    /// <summary>The child's process id, while there is one.</summary>
    public int? ProcessId => _child?.ProcessId;

    public NatsCreds LinkCreds() => UserIn(_keys.Link, "hub");

    public NatsCreds HubCreds() => UserIn(_keys.Hub, "hub");

    public Task PushRevocationsAsync(CancellationToken cancellationToken) => _push.PushAsync(cancellationToken);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _binary = await NatsBinary.FindAsync(_options.NatsServer, cancellationToken);
        _folder.Create();
        if (await StaleServer.StopAsync(_folder, _time, cancellationToken) is { } stale)
        {
            HubLog.StaleNatsServerStopped(_logger, stale);
        }

        await LaunchAsync(-1, cancellationToken);
        _watch = WatchAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        Url = null;
        await _watch;
        if (_child is { } child)
        {
            await child.DisposeAsync();
            _child = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return; // The container knows this object under three names.
        }

        await StopAsync(CancellationToken.None);
        await _push.DisposeAsync();
        _stopping.Dispose();
        _keys.Dispose();
    }

    private async Task SendRevocationsAsync(RevokedUsers users, CancellationToken cancellationToken)
    {
        var nothing = users.Live.Count == 0 && users.Ended.Count == 0;
        if (!nothing && Url is { } url) // Without an address it is being started, and gets the list then.
        {
            await using var system = await NatsDial.ConnectAsync(url, UserIn(_keys.System, "hub"), cancellationToken);
            await ClaimsApi.UpdateAsync(system, LinkAccount, NatsAccounts.LinkAccountToken(_keys, users.Live, _time), cancellationToken);
        }
    }

    /// <summary>On its old port, which whoever is connected finds at once, unless somebody else has taken that meanwhile.</summary>
    private async Task RelaunchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LaunchAsync(_port, cancellationToken);
        }
        catch (HubException e) when (_child is { Exited.IsCompleted: true })
        {
            HubLog.NatsServerMoves(_logger, _port, e);
            await _child!.DisposeAsync();
            await LaunchAsync(-1, cancellationToken);
        }
    }

    private async Task LaunchAsync(int port, CancellationToken cancellationToken)
    {
        _folder.RemoveStaleFiles();
        var config = new NatsServerConfig
        {
            ServerName = "bowline-hub",
            Port = port,
            PortsFileDirectory = _folder.Run,
            PidFile = _folder.PidFile,
            JetStream = new NatsServerJetStream(_folder.Streams) { MaxFile = 8L << 30 },
            Operator = NatsAccounts.Build(_keys, _credentials.Revoked().Live, _time),
        };
        await File.WriteAllTextAsync(_folder.Config, config.ToText(), cancellationToken);
        var child = _child = await NatsChild.StartAsync(_binary, _folder, useSetpriv: true, _time, _logger);
        _port = await WaitUntilReadyAsync(child, cancellationToken);
        Url = UrlOf(_port);
        _push.Again(); // Somebody may have been revoked since the list was written.
        HubLog.NatsServerReady(_logger, child.ProcessId, _port);
    }

    /// <summary>Restarts the child whenever it ends by itself.</summary>
    private async Task WatchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var exitCode = await _child!.Exited.WaitAsync(_stopping.Token);
                Url = null;
                Telemetry.NatsCrashes.Add(1);
                var delay = _crashes.Add();
                HubLog.NatsServerDied(_logger, exitCode, delay, _child.LastLines);
                await RestartAsync(delay);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task RestartAsync(TimeSpan delay)
    {
        if (_crashes.IsLooping)
        {
            _health.Raise(LoopWarning, $"It ended {CrashHistory.Many} times within a minute; links are down in between. Its last lines: {_child!.LastLines}", "bowline doctor");
        }

        await Task.Delay(delay, _time, _stopping.Token);
        await _child!.DisposeAsync();
        try
        {
            await RelaunchAsync(_stopping.Token);
            if (!_crashes.IsLooping)
            {
                _health.Clear(LoopWarning);
            }
        }
        catch (Exception e) when (e is HubException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            HubLog.NatsServerStartFailed(_logger, e); // Counts as the next crash, so the pace slows down and the warning appears.
        }
    }

    private async Task<int> WaitUntilReadyAsync(NatsChild child, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (_time.GetElapsedTime(start) < ReadyPatience)
        {
            if (child.Exited.IsCompleted)
            {
                throw new HubException(HubError.NatsServerFailed, $"nats-server ended with code {await child.Exited} while starting: {child.LastLines}");
            }

            if (ReadPort() is { } port && await AnswersAsync(port, cancellationToken))
            {
                return port;
            }

            await Task.Delay(Poll, _time, cancellationToken);
        }

        await child.StopAsync();
        throw new HubException(HubError.NatsServerFailed, $"nats-server was not ready within {ReadyPatience.TotalSeconds} s: {child.LastLines}");
    }

    private int? ReadPort() => Directory.GetFiles(_folder.Run, "*.ports")
        .Select(f => NatsServerPorts.TryParse(File.ReadAllText(f), out var ports) ? new Uri(ports.Clients![0]).Port : (int?)null)
        .FirstOrDefault();

    /// <summary>True when a user of the hub's account is let in and JetStream answers.</summary>
    private async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            await using var hub = await NatsDial.ConnectAsync(UrlOf(port), HubCreds(), cancellationToken);
            return (await hub.RequestAsync<string>("$JS.API.INFO", cancellationToken)).Data?.Contains("\"limits\"", StringComparison.Ordinal) == true;
        }
        catch (NatsException)
        {
            return false;
        }
    }

    private static Uri UrlOf(int port) => new(string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{port}"));

    private NatsCreds UserIn(NKeyPair account, string name)
    {
        using var user = NKeyPair.Create(NKeyType.User);
        return new NatsCreds(NatsJwt.Encode(new UserClaims { Name = name, Subject = user.PublicKey }, account, _time), user.Seed);
    }
}
