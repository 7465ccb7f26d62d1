using System.Buffers.Text;
using System.Text;
using Bowline.Core.Identity;
using Bowline.Nats.Jwt;

namespace Bowline.Hub.Links;

/// <summary>Exactly what a node's NATS user may do: nothing in it reaches another node, JetStream or the system.</summary>
internal static class LinkPermissions
{
    /// <summary>A link needs six; two more leave room for a change without a new hub.</summary>
    internal const int MaxSubscriptions = 8;

    /// <summary>Four times the largest tunnel frame.</summary>
    internal const int MaxPayload = 256 * 1024;

    /// <summary>The host name that tunnel v1 callers use for a device.</summary>
    public static string TunnelHostname(DeviceId device) => device + ".link";

    public static UserData For(DeviceId device, string issuerAccount)
    {
        var host = "tunnel.v1.host." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(TunnelHostname(device)));
        return new UserData
        {
            IssuerAccount = issuerAccount,
            Subscriptions = MaxSubscriptions,
            Payload = MaxPayload,
            AllowedConnectionTypes = [NatsConnectionType.Standard, NatsConnectionType.WebSocket],
            Subscribe = new SubjectPermission
            {
                Allow =
                [
                    $"tunnel.v2.{device}.open",
                    $"tunnel.v2.{device}.in.>",
                    $"{host}.request",
                    $"{host}.req.*.body",
                    $"{host}.req.*.abort",
                    $"_INBOX.{device}.>",
                ],
            },
            Publish = new SubjectPermission
            {
                Allow =
                [
                    $"tunnel.v2.{device}.reply.*",
                    $"{host}.req.*.reply",
                    $"runs.{device}.in",
                    $"links.{device}.here",
                ],
            },
        };
    }
}
