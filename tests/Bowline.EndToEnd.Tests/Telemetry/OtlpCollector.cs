using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bowline.EndToEnd.Tests.Telemetry;

/// <summary>A collector that speaks OTLP over HTTP (protobuf) and keeps what it gets. Field numbers are those of opentelemetry-proto 1.x.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentBag<SeenSpan> _spans = [];
    private readonly ConcurrentBag<SeenMetric> _metrics = [];

    private OtlpCollector(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public IReadOnlyCollection<SeenSpan> Spans => _spans;

    public IReadOnlyCollection<SeenMetric> Metrics => _metrics;

    public static async Task<OtlpCollector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/traces", context => TakeAsync(context, collector.AddSpans));
        app.MapPost("/v1/metrics", context => TakeAsync(context, collector.AddMetrics));
        await app.StartAsync(cancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task TakeAsync(HttpContext context, Action<string, ProtoMessage> add)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        foreach (var resource in new ProtoMessage(body.ToArray()).Messages(1))
        {
            var service = resource.Messages(1).SelectMany(r => r.Messages(1)).First(attribute => attribute.Text(1) == "service.name").Messages(2).Single().Text(1);
            foreach (var scope in resource.Messages(2))
            {
                add(service, scope);
            }
        }
    }

    private void AddSpans(string service, ProtoMessage scope)
    {
        var source = scope.Messages(1).Single().Text(1);
        foreach (var span in scope.Messages(2))
        {
            _spans.Add(new SeenSpan(service, source, span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4)));
        }
    }

    private void AddMetrics(string service, ProtoMessage scope)
    {
        foreach (var metric in scope.Messages(2))
        {
            _metrics.Add(new SeenMetric(service, metric.Text(1), metric.Text(3)));
        }
    }
}
