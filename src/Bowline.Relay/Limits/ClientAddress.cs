using System.Net;

namespace Bowline.Relay;

/// <summary>Whose address a connection counts for.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The peer's address; when the peer is a configured proxy, the last address of <c>X-Forwarded-For</c> that is none. Anybody can write
    /// that header, so what stands left of a stranger's address proves nothing.
    /// </summary>
    public static IPAddress Of(IPAddress peer, string? forwardedFor, IReadOnlyList<IPNetwork> proxies)
    {
        if (string.IsNullOrEmpty(forwardedFor) || !IsProxy(peer, proxies))
        {
            return peer;
        }

        var hops = forwardedFor.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var address = peer;
        for (var i = hops.Length - 1; i >= 0; i--)
        {
            if (!TryParse(hops[i], out var hop))
            {
                break;
            }

            address = hop;
            if (!IsProxy(hop, proxies))
            {
                break;
            }
        }

        return address;
    }

    private static bool TryParse(string hop, out IPAddress address)
    {
        var ok = IPEndPoint.TryParse(hop, out var endPoint);
        address = ok ? endPoint!.Address : IPAddress.None;
        return ok;
    }

    private static bool IsProxy(IPAddress address, IReadOnlyList<IPNetwork> proxies)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return proxies.Any(proxy => proxy.Contains(plain));
    }
}
