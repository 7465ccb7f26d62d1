using System.Text.Json;
using Bowline.Core.Identity;
using Bowline.Hub.Links;
using Bowline.Hub.Store;
using Bowline.Tunnel;

namespace Bowline.Hub.Presence;

/// <summary>Probes by the status exchange of the reserved service, so that what is proved is what callers use.</summary>
internal sealed class TunnelProber(ITunnelGateway tunnel, HubIdentity hub, TimeProvider time) : IProber
{
    private const int MaxStatus = 64 * 1024;

    /// <summary>Far more than a machine exposes, few enough to show.</summary>
    private const int MaxServices = 256;

    private static readonly Uri StatusAddress = new("http://node.bowline/api/links/status");

    public async Task<ProbeResult> ProbeAsync(DeviceId device, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, StatusAddress);
        try
        {
            var target = new TunnelTarget(device, TunnelTarget.NodeService, TunnelCaller.Hub(hub.Id));
            using var response = await tunnel.SendAsync(target, request, either.Token);
            return new ProbeResult(ProbeOutcome.Answered, response.IsSuccessStatusCode ? await ReadAsync(response, either.Token) : null);
        }
        catch (TunnelException e)
        {
            return new ProbeResult(OutcomeOf(e.Error));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeResult(ProbeOutcome.TimedOut);
        }
    }

    /// <summary>A refusal proves life as well as an answer does; a carrier of ours that broke proves nothing.</summary>
    internal static ProbeOutcome OutcomeOf(TunnelError error) => error switch
    {
        TunnelError.Offline => ProbeOutcome.NoResponders,
        TunnelError.Refused or TunnelError.Expired or TunnelError.VersionMismatch or TunnelError.ResponseAborted => ProbeOutcome.Answered,
        TunnelError.CarrierClosed or TunnelError.StartUnknown or TunnelError.Cancelled => ProbeOutcome.Impossible,
        _ => ProbeOutcome.TimedOut,
    };

    /// <summary>The status, or null when the node answers something else: it lives all the same.</summary>
    private static async Task<NodeStatus?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var count = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (count == 0)
            {
                break;
            }

            length += count;
            if (length == buffer.Length)
            {
                if (length >= MaxStatus)
                {
                    return null;
                }

                Array.Resize(ref buffer, length * 2);
            }
        }

        try
        {
            return Sane(JsonSerializer.Deserialize(buffer.AsSpan(0, length), NodeStatusJson.Default.NodeStatus));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What a node says about itself is its word only: services without a usable name are left out, so that they cannot break a page.</summary>
    internal static NodeStatus? Sane(NodeStatus? status) => status?.Services is { } services
        ? status with { Services = [.. services.Where(static service => service is not null && TunnelServices.IsName(service.Name)).Take(MaxServices)] }
        : status;
}
