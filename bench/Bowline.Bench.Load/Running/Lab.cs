using Bowline.Bench.Load.Processes;

namespace Bowline.Bench.Load.Running;

/// <summary>The servers and peers that the scenarios share, each started when first needed and ended with the run.</summary>
internal sealed class Lab : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = [];

    public Lab(BenchOptions options)
    {
        Options = options;
        Libnats = new Libnats(options.LibnatsProgram);
        Nats = new(NatsServer.StartAsync, _owned);
        Responder = new(async ct => await Libnats.RespondAsync((await Nats.GetAsync(ct)).Url, ResponderSubject, ct), _owned);
        NatsEcho = new(async ct => await HttpTarget.StartAsync(["serve-nats", (await Nats.GetAsync(ct)).Url.ToString()], ct), _owned);
        Bridge = new(async ct => await HttpTarget.StartAsync(["serve-bridge", (await Nats.GetAsync(ct)).Url.ToString()], ct), _owned);
        TunnelNode = new(async ct => await HttpTarget.StartAsync(["serve-tunnel", (await Nats.GetAsync(ct)).Url.ToString()], ct), _owned);
        WebSocketNode = new(async ct => await HttpTarget.StartAsync(["serve-tunnel", (await Bridge.GetAsync(ct)).Url.ToString()], ct), _owned);
        Http = new(ct => HttpTarget.StartAsync(["serve-http"], ct), _owned);
        Ssh = new(async ct => await SshTunnel.StartAsync((await Http.GetAsync(ct)).Url, ct), _owned);
    }

    public const string ResponderSubject = "bench.respond.c";

    public BenchOptions Options { get; }

    public Libnats Libnats { get; }

    public Shared<NatsServer> Nats { get; }

    /// <summary>The C echo that both NATS clients are measured against.</summary>
    public Shared<ChildProcess> Responder { get; }

    /// <summary>Our own responder, in its own process.</summary>
    public Shared<HttpTarget> NatsEcho { get; }

    /// <summary>WebSocket in, nats-server out.</summary>
    public Shared<HttpTarget> Bridge { get; }

    /// <summary>The app behind a tunnel server, in its own process.</summary>
    public Shared<HttpTarget> TunnelNode { get; }

    /// <summary>The same, linked by a WebSocket.</summary>
    public Shared<HttpTarget> WebSocketNode { get; }

    /// <summary>The app in Kestrel, in its own process.</summary>
    public Shared<HttpTarget> Http { get; }

    /// <summary>OpenSSH forwarding to <see cref="Http"/>.</summary>
    public Shared<SshTunnel> Ssh { get; }

    /// <summary>Something that several scenarios use, ended with the run.</summary>
    public Shared<T> Share<T>(Func<CancellationToken, Task<T>> create)
        where T : class, IAsyncDisposable
        => new(create, _owned);

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
        {
            await owned.DisposeAsync();
        }
    }
}
