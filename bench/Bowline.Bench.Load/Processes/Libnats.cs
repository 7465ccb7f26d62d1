using System.Globalization;

namespace Bowline.Bench.Load.Processes;

/// <summary>Runs <c>bench/peers/libnats_bench.c</c>, compiled by eng/bench.sh, and reads its one line of figures.</summary>
internal sealed class Libnats(string program)
{
    public string Program { get; } = Path.GetFullPath(program);

    public async Task<LibnatsFigures> RunAsync(CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        await using var process = await ChildProcess.StartAsync(Program, arguments);
        var line = await process.LineAsync(l => l.StartsWith("ops=", StringComparison.Ordinal) ? l : null, cancellationToken);
        var values = line.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => double.Parse(p[1], CultureInfo.InvariantCulture));
        return new LibnatsFigures(
            values["ops"], values["seconds"], values["cpu"], values.GetValueOrDefault("p50"), values.GetValueOrDefault("p99"));
    }

    public async Task<ChildProcess> RespondAsync(Uri url, string subject, CancellationToken cancellationToken)
    {
        var process = await ChildProcess.StartAsync(Program, "respond", url.ToString(), subject);
        await process.LineAsync(l => l == "ready" ? l : null, cancellationToken);
        return process;
    }

    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        await using var process = await ChildProcess.StartAsync(Program, "version");
        return await process.LineAsync(l => l, cancellationToken);
    }
}

/// <summary>What the C program measured; CPU seconds are its own, over the timed part.</summary>
internal sealed record LibnatsFigures(double Operations, double Seconds, double CpuSeconds, double P50, double P99);
