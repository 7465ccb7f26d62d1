using Bowline.Bench.Load.Processes;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>A way to reach the target app, with the processes it costs CPU in.</summary>
internal sealed record HttpSide(string Name, HttpLink Link, ChildProcess Server, ChildProcess[] Helpers)
{
    public CpuMeter Meter { get; } = Helpers.Length == 0
        ? new CpuMeter(CpuMeter.Self(), CpuMeter.Of("server", Server))
        : new CpuMeter(CpuMeter.Self(), CpuMeter.Of("server", Server), CpuMeter.Of("helper", Helpers));
}

/// <summary>How a side of the HTTP figures comes to be.</summary>
internal sealed record HttpSideSource(string Name, Func<CancellationToken, Task<HttpSide>> OpenAsync);
