using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using Bowline.Core.Health;
using Bowline.Nostr;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bowline.Relay;

/// <summary>
/// A Nostr relay: give it the requests of one path. WebSockets become connections, a GET that accepts <c>application/nostr+json</c> gets
/// the NIP-11 document. The store stays its owner's.
/// </summary>
public sealed class RelayServer : IAsyncDisposable
{
    private readonly RelayCore _core;
    private readonly IReadOnlyList<IPNetwork> _proxies;
    private readonly byte[] _information;
    private readonly NostrKey? _ownKey;
    private readonly ConcurrentDictionary<long, (RelayConnection Connection, Task Run)> _connections = new();
    private readonly CancellationTokenSource _sweeping = new();
    private readonly Lock _lock = new();
    private readonly Task _sweeper;
    private Task? _stopped;
    private long _lastNumber;

    /// <summary>Makes and starts a relay.</summary>
    /// <param name="options">Options; not changed afterwards.</param>
    /// <param name="store">Where events are kept; not disposed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="health">Gets a warning while events cannot be stored; null for one of its own.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">The key file holds no key, or others may read it.</exception>
    public RelayServer(RelayOptions options, IEventStore store, TimeProvider time, ILogger<RelayServer> logger, HealthTracker? health = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        options.Validate();
        _ownKey = options.Key is not null ? null : options.KeyFile is { } file ? RelayKeyFile.LoadOrCreate(file) : NostrKey.Create();
        var key = options.Key ?? _ownKey!;
        Health = health ?? new HealthTracker(time);
        var rules = new RelayRules(options.Limits, options.Access, options.MinimumDifficulty, store.SupportsSearch, [.. options.PublicUrls]);
        _core = new(options, rules, store, key, time, Health, logger);
        _proxies = [.. options.TrustedProxies];
        PublicKey = key.PublicKey;
        _information = RelayInformation.Write(options, rules, PublicKey, Version());
        RelayLog.Started(logger, options.Name, PublicKey.ToString());
        _sweeper = SweepAsync(_sweeping.Token);
    }

    /// <summary>The key that signs what the relay itself says.</summary>
    public NostrPublicKey PublicKey { get; }

    /// <summary>Open connections.</summary>
    public int Connections => _connections.Count;

    /// <summary>Open subscriptions.</summary>
    public int Subscriptions => _core.Live.Count;

    /// <summary>What is wrong with the relay now.</summary>
    public HealthTracker Health { get; }

    /// <summary>Addresses that are remembered for their rates.</summary>
    internal int Addresses => _core.Addresses.Count;

    /// <summary>Serves one request; for a WebSocket, until it is gone.</summary>
    public Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SocketUpgrade.IsAsked(context) ? ServeAsync(context) : InformAsync(context);
    }

    /// <summary>
    /// Takes no more connections and messages, answers the events it has taken once they are committed, closes every connection with 1001,
    /// and waits for that as long as the options say. Then it cuts what is left.
    /// </summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            return _stopped ??= StopOnceAsync();
        }
    }

    /// <summary>Stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _sweeping.CancelAsync().ConfigureAwait(false);
        await _sweeper.ConfigureAwait(false);
        _sweeping.Dispose();
        _ownKey?.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (_stopped is not null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var peer = context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        var address = ClientAddress.Of(peer, context.Request.Headers["X-Forwarded-For"], _proxies);
        if (_core.Addresses.TryEnter(address, _core.Now.Monotonic) is not { } use)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            await context.Response.WriteAsync("Too many connections from your address.\n").ConfigureAwait(false);
            return;
        }

        try
        {
            if (await SocketUpgrade.AcceptAsync(context).ConfigureAwait(false) is { } stream)
            {
                await ServeAsync(context, stream, use).ConfigureAwait(false);
            }
        }
        finally
        {
            _core.Addresses.Leave(use);
        }
    }

    private async Task ServeAsync(HttpContext context, Stream stream, AddressUse use)
    {
        var number = Interlocked.Increment(ref _lastNumber);
        using var connection = new RelayConnection(_core, number, stream, use, context.Request.Host.Value ?? "", context.Abort);
        RelayTelemetry.Connections(1);
        RelayLog.Opened(_core.Logger, number, use.Address.ToString());
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[number] = (connection, done.Task);
        try
        {
            // A stop that came between its look at the connections and ours would not know of this one.
            var run = connection.RunAsync();
            if (_stopped is not null)
            {
                await connection.StopAsync().ConfigureAwait(false);
            }

            await run.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            RelayLog.Failed(_core.Logger, exception, number);
            context.Abort();
        }
        finally
        {
            _ = _connections.TryRemove(number, out _);
            RelayTelemetry.Connections(-1);
            done.SetResult();
        }
    }

    private Task InformAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.AccessControlAllowHeaders = "*";
        response.Headers.AccessControlAllowMethods = "GET, OPTIONS";
        response.Headers.Vary = "Accept";
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        if (context.Request.Headers.Accept.ToString().Contains(RelayInformation.MediaType, StringComparison.OrdinalIgnoreCase))
        {
            response.ContentType = RelayInformation.MediaType;
            response.ContentLength = _information.Length;
            return response.Body.WriteAsync(_information, context.RequestAborted).AsTask();
        }

        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync($"{_core.Options.Name}: a Nostr relay. Open it with a Nostr client (a WebSocket to this address).\n", context.RequestAborted);
    }

    private async Task StopOnceAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (!_connections.IsEmpty)
        {
            RelayLog.Stopping(_core.Logger, _connections.Count);
        }

        var all = Task.WhenAll(_connections.Values.Select(static entry => Task.WhenAll(entry.Connection.StopAsync(), entry.Run)));
        try
        {
            await all.WaitAsync(_core.Options.StopWithin, _core.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            RelayLog.Cut(_core.Logger, _connections.Count);
            foreach (var (connection, _) in _connections.Values)
            {
                connection.Drop("the relay has stopped");
            }
        }
    }

    /// <summary>One timer for all connections.</summary>
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_core.Options.SweepInterval, _core.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                var timestamp = _core.Time.GetTimestamp();
                foreach (var (connection, _) in _connections.Values)
                {
                    connection.Sweep(timestamp);
                }

                _core.Addresses.Sweep(_core.Now.Monotonic);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private static string Version() =>
        typeof(RelayServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
