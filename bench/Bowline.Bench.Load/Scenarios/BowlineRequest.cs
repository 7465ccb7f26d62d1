using System.Runtime.CompilerServices;
using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;
using Bowline.Nats;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>Request and reply at a concurrency over one connection, answered by another process.</summary>
internal sealed class BowlineRequest(
    string figure, string side, int concurrency, string subject, Func<CancellationToken, Task<ChildProcess>> responder, Lab lab)
    : BowlineNatsScenario(figure, side, lab)
{
    private static readonly byte[] Body = new byte[16];

    private RequestLoop? _loop;

    public override Task<Measurement> RoundAsync(CancellationToken cancellationToken) => _loop!.RunAsync(RequestAsync, cancellationToken);

    protected override async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        var cpu = new CpuMeter(CpuMeter.Self(), CpuMeter.Of("server", await responder(cancellationToken)), CpuMeter.Of("helper", Server.Process));
        _loop = new RequestLoop(concurrency, Lab.Options.Slice, cpu);
        await new RequestLoop(concurrency, Lab.Options.Slice / 2, cpu).RunAsync(RequestAsync, cancellationToken);
    }

    // Pooled, so that what is counted as allocated is the client's.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RequestAsync(CancellationToken cancellationToken)
    {
        var reply = await Connection.RequestAsync<ReadOnlyMemory<byte>, NatsMemoryOwner<byte>>(subject, Body, cancellationToken: cancellationToken);
        reply.Data.Dispose();
    }

    /// <summary>The same C echo that libnats is measured against.</summary>
    public static BowlineRequest BesideLibnats(Lab lab, int concurrency)
        => new(Figures.Request(concurrency), Sides.BowlineNats, concurrency, Lab.ResponderSubject, lab.Responder.GetAsync, lab);

    /// <summary>Both ends ours: the floor under an exchange through the tunnel, 13 bytes back.</summary>
    public static BowlineRequest BesideHttp(Lab lab, int concurrency)
        => new(HttpSmallGet.Name(concurrency), Sides.RawNats, concurrency, Serving.NatsServe.RespondSubject, async ct => (await lab.NatsEcho.GetAsync(ct)).Process, lab);
}
