using System.CommandLine;
using System.Runtime.CompilerServices;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Telemetry;

/// <summary>
/// OTLP export of metrics and traces, for the commands that keep running. Off unless asked for; then not even its libraries are loaded.
/// </summary>
internal sealed class TelemetryExport
{
    /// <summary>Each of them names a collector by itself; the SDK reads them and the other OTEL_ variables.</summary>
    private static readonly string[] EndpointVariables =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    private readonly Option<Uri?> _endpoint = new("--otlp")
    {
        Description = "Send metrics and traces to this OTLP collector (HTTP, like http://127.0.0.1:4318). Default: $OTEL_EXPORTER_OTLP_ENDPOINT, else off.",
        HelpName = "URL",
        CustomParser = result => CliOptions.ParseHttp(result.Tokens[0].Value, result.AddError),
    };

    /// <summary>Adds <c>--otlp</c>.</summary>
    public TelemetryExport AddTo(Command command)
    {
        command.Add(_endpoint);
        return this;
    }

    /// <summary>Begins to export when asked to; the result sends what is left and ends it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="service">The service's name, unless OTEL_SERVICE_NAME says another.</param>
    /// <exception cref="CliException">An OTEL_ variable cannot be used.</exception>
    public IDisposable? Start(ParseResult parsed, string service)
    {
        var endpoint = parsed.GetValue(_endpoint);
        return endpoint is not null || Array.Exists(EndpointVariables, name => Environment.GetEnvironmentVariable(name) is { Length: > 0 })
            ? Load(endpoint, service)
            : null;
    }

    // On its own, so that the libraries are loaded only when this runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OtlpSession Load(Uri? endpoint, string service)
    {
        try
        {
            return new OtlpSession(endpoint, service);
        }
        catch (Exception failure) when (failure is UriFormatException or FormatException or ArgumentException or NotSupportedException)
        {
            throw new CliException(ExitCode.Usage, "Telemetry cannot be exported as asked.", failure.Message, "correct --otlp or the OTEL_ variables, or leave them out", failure);
        }
    }
}
