using System.Buffers;
using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Serving;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>GET of 256 MiB, read and dropped. CPU is per MiB.</summary>
internal sealed class HttpDownload(HttpSideSource source) : HttpScenario(Name, source)
{
    public const string Name = "http download 256 MiB";
    private const int ReadSize = 128 << 10;

    public override Task<Measurement> RoundAsync(CancellationToken cancellationToken)
        => CountedWork.TimeAsync(
            Metric.Throughput, TargetApp.BodySize / (double)(1 << 20), Http.Meter, () => RunAsync(Http, cancellationToken));

    public static async Task RunAsync(HttpSide http, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(http.Link.Url, "/big"));
        using var response = await http.Link.Client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        var total = 0L;
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        if (total != TargetApp.BodySize)
        {
            throw new InvalidDataException($"{http.Name} brought {total} bytes");
        }
    }

    protected override Task WarmUpAsync(CancellationToken cancellationToken) => RunAsync(Http, cancellationToken);
}
