using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Node.Control;

/// <summary>The routes of the control API. Errors are problem details of type <c>urn:bowline:node:&lt;code&gt;</c>.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, INodeControl node, TimeProvider time)
    {
        routes.MapGet("/status", Guarded(context => WriteAsync(context, node.Status, NodeJson.Default.NodeStatus)));
        routes.MapPost("/services", Guarded(context => ExposeStream.RunAsync(context, node, time)));
        routes.MapDelete("/services/{name}", Guarded(context =>
        {
            var name = (string)context.GetRouteValue("name")!;
            if (!node.Services.Remove(name))
            {
                throw new NodeException(NodeError.ServiceConflict, $"This node exposes no service '{name}' that can be removed.");
            }

            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }));
        routes.MapPost("/leave", Guarded(async context =>
        {
            var result = await node.LeaveAsync(context.Request.Query.ContainsKey("force"), context.RequestAborted);
            await WriteAsync(context, result, NodeJson.Default.LeaveResult);
            await context.Response.CompleteAsync();
            node.Stop();
        }));
        routes.MapPost("/stop", Guarded(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.CompleteAsync();
            node.Stop();
        }));
    }

    internal static async Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, body, type, context.RequestAborted);
    }

    private static RequestDelegate Guarded(RequestDelegate handler) => async context =>
    {
        try
        {
            await handler(context);
        }
        catch (NodeException failure) when (!context.Response.HasStarted)
        {
            Telemetry.ControlRefused(failure.Error);
            var status = failure.Error switch
            {
                NodeError.ServiceInvalid => StatusCodes.Status400BadRequest,
                NodeError.ServiceConflict => StatusCodes.Status409Conflict,
                NodeError.HubUnreachable => StatusCodes.Status502BadGateway,
                _ => StatusCodes.Status500InternalServerError,
            };
            var problem = new HubAccess.ProblemMessage(NodeProblem.TypeOf(failure.Error), NodeProblem.CodeOf(failure.Error), failure.Message, status);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/problem+json";
            await JsonSerializer.SerializeAsync(context.Response.Body, problem, NodeJson.Default.ProblemMessage, context.RequestAborted);
        }
    };
}
