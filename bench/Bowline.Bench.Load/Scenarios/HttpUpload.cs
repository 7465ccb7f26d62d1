using System.Globalization;
using System.Net;
using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Serving;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>POST of 256 MiB; the app counts what arrived. CPU is per MiB.</summary>
internal sealed class HttpUpload(HttpSideSource source) : HttpScenario(Name, source)
{
    public const string Name = "http upload 256 MiB";

    public override Task<Measurement> RoundAsync(CancellationToken cancellationToken)
        => CountedWork.TimeAsync(
            Metric.Throughput, TargetApp.BodySize / (double)(1 << 20), Http.Meter, () => RunAsync(cancellationToken));

    protected override Task WarmUpAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Http.Link.Url, "/up")) { Content = new Zeros() };
        using var response = await Http.Link.Client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var arrived = long.Parse(await response.Content.ReadAsStringAsync(cancellationToken), CultureInfo.InvariantCulture);
        if (arrived != TargetApp.BodySize)
        {
            throw new InvalidDataException($"{Http.Name} brought {arrived} bytes");
        }
    }

    /// <summary>A body that is always ready, in 64 KiB writes.</summary>
    private sealed class Zeros : HttpContent
    {
        private static readonly byte[] Block = new byte[64 << 10];

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var sent = 0L; sent < TargetApp.BodySize; sent += Block.Length)
            {
                await stream.WriteAsync(Block);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = TargetApp.BodySize;
            return true;
        }
    }
}
