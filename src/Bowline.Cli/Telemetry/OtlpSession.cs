using Bowline.Node;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Bowline.Cli.Telemetry;

/// <summary>The OpenTelemetry SDK, collecting what the libraries and the platform measure.</summary>
internal sealed class OtlpSession : IDisposable
{
    // Ctrl-C must not hang on a collector that is away: what it does not take within this is lost.
    private const int FlushMilliseconds = 1000;
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private readonly OpenTelemetrySdk _sdk;

    public OtlpSession(Uri? endpoint, string service) => _sdk = OpenTelemetrySdk.Create(builder =>
    {
        builder.ConfigureResource(resource => resource
            .AddService(service, serviceNamespace: "bowline", NodeVersion.Text)
            .AddEnvironmentVariableDetector()); // Last, so that a person's own names win.
        builder.WithTracing(tracing => tracing.AddSource("Bowline.*", "Microsoft.AspNetCore", "System.Net.Http"));
        builder.WithMetrics(metrics => metrics.AddMeter(
            "Bowline.*", "System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"));
        if (endpoint is null)
        {
            builder.UseOtlpExporter();
        }
        else
        {
            var grpc = string.Equals(Environment.GetEnvironmentVariable(ProtocolVariable), "grpc", StringComparison.Ordinal);
            builder.UseOtlpExporter(grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf, endpoint);
        }
    });

    public void Dispose()
    {
        _ = _sdk.TracerProvider.Shutdown(FlushMilliseconds);
        _ = _sdk.MeterProvider.Shutdown(FlushMilliseconds);
        _sdk.Dispose();
    }
}
