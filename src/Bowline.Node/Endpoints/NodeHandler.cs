using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bowline.Node.HubAccess;
using Bowline.Tunnel;

namespace Bowline.Node.Endpoints;

/// <summary>The node's own endpoints, service <c>$node</c>; the tunnel lets the hub's principal alone in.</summary>
/// <param name="report">The answer to a status probe, asked each time.</param>
/// <param name="shutDown">Ends the node; called after the answer was given.</param>
internal sealed class NodeHandler(Func<StatusReport> report, Action shutDown) : ITunnelHandler
{
    private const string StatusPath = "/api/links/status";
    private const string ControlPath = "/api/links/control";
    private const string WorkPath = "/api/links/work";

    // Far above any control message.
    private const int MaxBody = 4096;

    public Task HandleAsync(TunnelExchange exchange)
    {
        var query = exchange.Path.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? exchange.Path : exchange.Path[..query];
        return (exchange.Method, path) switch
        {
            ("GET", StatusPath) => AnswerAsync(exchange, 200, report(), NodeJson.Default.StatusReport),
            ("POST", ControlPath) => ControlAsync(exchange),
            ("POST", WorkPath) => RefuseAsync(exchange, 501, "work_unsupported", "This node takes no runs."),
            (_, StatusPath or ControlPath or WorkPath) => RefuseAsync(exchange, 405, "method_not_allowed", "The method is not allowed here."),
            _ => RefuseAsync(exchange, 404, "not_found", "The node has no such endpoint."),
        };
    }

    private async Task ControlAsync(TunnelExchange exchange)
    {
        if (await ReadAsync(exchange) is not { Action: { } action })
        {
            await RefuseAsync(exchange, 400, "bad_request", "The body is {\"action\": ...}.");
            return;
        }

        if (action != "shutdown")
        {
            await RefuseAsync(exchange, 400, "action_unknown", "The one action known is 'shutdown'.");
            return;
        }

        exchange.StartResponse(202, [], 0);
        await exchange.ResponseBody.FlushAsync(exchange.Aborted);
        shutDown();
    }

    private static async Task<ControlRequest?> ReadAsync(TunnelExchange exchange)
    {
        var buffer = new byte[MaxBody];
        var length = await exchange.RequestBody.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, exchange.Aborted);
        try
        {
            return length == buffer.Length ? null : JsonSerializer.Deserialize(buffer.AsSpan(0, length), NodeJson.Default.ControlRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(TunnelExchange exchange, int status, string code, string detail) =>
        AnswerAsync(exchange, status, new ProblemMessage("urn:bowline:node:" + code, code, detail, status), NodeJson.Default.ProblemMessage, "application/problem+json");

    private static async Task AnswerAsync<T>(TunnelExchange exchange, int status, T body, JsonTypeInfo<T> type, string mediaType = "application/json")
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        exchange.StartResponse(status, new TunnelHeaders { { "content-type", mediaType } }, bytes.Length);
        await exchange.ResponseBody.WriteAsync(bytes, exchange.Aborted);
    }
}
