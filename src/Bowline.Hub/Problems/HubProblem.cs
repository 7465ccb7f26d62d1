using Microsoft.AspNetCore.Http;

namespace Bowline.Hub.Problems;

/// <summary>RFC 9457 answers of the hub; <c>type</c> is <c>urn:bowline:hub:&lt;code&gt;</c>.</summary>
internal static class HubProblem
{
    private const string ContentType = "application/problem+json";

    public static IResult Result(HubProblemCode code, string? detail = null) => new ProblemResult(code, detail);

    public static Task WriteAsync(HttpContext context, HubProblemCode code, string? detail = null)
    {
        context.Response.StatusCode = code.Status;
        context.Response.Headers.CacheControl = "no-store";
        var body = new ProblemBody(code.Type, code.Title, code.Status, detail, context.TraceIdentifier);
        return context.Response.WriteAsJsonAsync(body, HubJson.Default.ProblemBody, ContentType, context.RequestAborted);
    }

    private sealed class ProblemResult(HubProblemCode code, string? detail) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => code.Status;

        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, code, detail);
    }
}
