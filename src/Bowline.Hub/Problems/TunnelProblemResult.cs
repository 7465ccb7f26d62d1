using Bowline.Tunnel;
using Microsoft.AspNetCore.Http;

namespace Bowline.Hub.Problems;

/// <summary>A failed exchange as problem details: offline 502, frozen 504.</summary>
internal sealed class TunnelProblemResult(TunnelException failure) : IResult, IStatusCodeHttpResult
{
    private readonly TunnelProblem _problem = TunnelProblem.From(failure);

    public int? StatusCode => _problem.Status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = _problem.Status;
        httpContext.Response.ContentType = TunnelProblem.ContentType;
        httpContext.Response.Headers.CacheControl = "no-store";
        await httpContext.Response.Body.WriteAsync((_problem with { TraceId = httpContext.TraceIdentifier }).ToJson(), httpContext.RequestAborted);
    }
}
