using System.Buffers;
using Bowline.Hub.Links;
using Bowline.Hub.Problems;
using Bowline.Tunnel;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Content;

/// <summary>Carries one exchange with an exposed service through the tunnel, streaming both ways.</summary>
internal sealed class ContentForwarder(ITunnelGateway tunnel, ILogger<ContentForwarder> logger)
{
    private const int BufferSize = 64 * 1024;
    private static readonly UriCreationOptions KeepPath = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="context">The request; its caller has been checked.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="accountId">On whose behalf.</param>
    /// <param name="sandboxed">True on the console's origin: whatever comes back is kept from acting as the console.</param>
    public async Task ForwardAsync(HttpContext context, ContentTarget target, string accountId, bool sandboxed)
    {
        LiftLimits(context);
        using var request = Request(context, target, sandboxed, out var upgrade);
        HttpResponseMessage response;
        try
        {
            response = await tunnel.SendAsync(new TunnelTarget(target.Device.Id, target.Service, TunnelCaller.Account(accountId)), request, context.RequestAborted);
        }
        catch (TunnelException e)
        {
            await new TunnelProblemResult(e).ExecuteAsync(context);
            return;
        }

        using (response)
        {
            if (!CanAnswer((int)response.StatusCode, upgrade))
            {
                await HubProblem.WriteAsync(context, HubProblemCode.AnswerInvalid);
                return;
            }

            ContentHeaders.CopyResponse(response, context, target);
            if (sandboxed)
            {
                context.Response.Headers.ContentSecurityPolicy = "sandbox";
                context.Response.Headers.XContentTypeOptions = "nosniff";
                context.Response.Headers.SetCookie = default;
            }

            await AnswerAsync(context, target, response, upgrade);
        }
    }

    private async Task AnswerAsync(HttpContext context, ContentTarget target, HttpResponseMessage response, IHttpUpgradeFeature? upgrade)
    {
        try
        {
            if (context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols && upgrade is not null)
            {
                await PassThroughAsync(context, response, upgrade);
            }
            else if (HasBody(context))
            {
                await CopyBodyAsync(context, response);
            }
        }
        catch (Exception e) when (e is TunnelException or IOException or OperationCanceledException)
        {
            HubLog.ContentBrokeOff(logger, target.Service, target.Device.Slug, e);
            if (e is TunnelException failure && !context.Response.HasStarted)
            {
                context.Response.Clear();
                await new TunnelProblemResult(failure).ExecuteAsync(context);
                return;
            }

            // Its head is out, so the only honest end is a broken connection: a short body must not look complete.
            context.Abort();
        }
    }

    /// <summary>RFC 9110 section 15: other numbers are no statuses, and nobody may change the protocol unasked.</summary>
    private static bool CanAnswer(int status, IHttpUpgradeFeature? upgrade) =>
        status is >= 200 and <= 599 || (status == StatusCodes.Status101SwitchingProtocols && upgrade is not null);

    /// <summary>Some services send a body with an answer that has none; its length is not announced and its bytes are not sent.</summary>
    private static bool HasBody(HttpContext context)
    {
        if (context.Response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent)
        {
            context.Response.ContentLength = null;
            return false;
        }

        return context.Response.StatusCode != StatusCodes.Status304NotModified;
    }

    private static HttpRequestMessage Request(HttpContext context, ContentTarget target, bool dropAuthorization, out IHttpUpgradeFeature? upgrade)
    {
        var uri = new Uri($"http://{target.Service}.{target.Device.Slug}.bowline{target.PathAndQuery}", KeepPath);
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), uri);
        upgrade = context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } feature ? feature : null;
        if (upgrade is null && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            request.Content = new StreamContent(context.Request.Body, BufferSize);
            request.Content.Headers.ContentLength = context.Request.ContentLength;
        }

        ContentHeaders.CopyRequest(context, request, target, dropAuthorization);
        if (upgrade is not null)
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", context.Request.Headers.Upgrade.ToString());
        }

        return request;
    }

    private static async Task CopyBodyAsync(HttpContext context, HttpResponseMessage response)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                var read = body.ReadAsync(buffer.AsMemory(0, BufferSize), context.RequestAborted);
                if (!read.IsCompleted && !context.Response.HasStarted)
                {
                    await context.Response.StartAsync(context.RequestAborted); // The head of a quiet event stream must not wait for its first event.
                }

                var count = await read;
                if (count == 0)
                {
                    return;
                }

                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task PassThroughAsync(HttpContext context, HttpResponseMessage response, IHttpUpgradeFeature upgrade)
    {
        context.Response.Headers.Upgrade = context.Request.Headers.Upgrade; // The server adds Connection by itself.
        await using var node = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        await using var caller = await upgrade.UpgradeAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var toNode = caller.CopyToAsync(node, BufferSize, end.Token);
        var toCaller = node.CopyToAsync(caller, BufferSize, end.Token);
        var first = await Task.WhenAny(toNode, toCaller);
        if (first == toNode && toNode.IsFaulted)
        {
            // The node wants no more of it; what it still has to say comes first, and decides how this ends.
            first = toCaller;
            await toCaller.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await end.CancelAsync();
        await Task.WhenAll(toNode, toCaller).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    /// <summary>The API's limits are not those of a service: bodies of any size, at any pace, as long as they like.</summary>
    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages)
        {
            pages.Enabled = false; // An empty 404 of the service is the service's answer.
        }
    }
}
