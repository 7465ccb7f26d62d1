using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Bowline.WebRtc;

/// <summary>The addresses of this machine that pass a filter.</summary>
internal static class LocalAddresses
{
    /// <summary>More are not used: each is a socket, and each pair of them a check.</summary>
    internal const int Most = 16;

    internal static IReadOnlyList<IPAddress> Find(CandidateFilter filter) => Select(filter, OperatingSystem.IsLinux() ? LibcAddresses.Read() : ReadPortably());

    /// <summary>What every platform has.</summary>
    internal static IEnumerable<(string Interface, IPAddress Address)> ReadPortably() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static network => network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
        .SelectMany(static network => network.GetIPProperties().UnicastAddresses.Select(address => (network.Name, address.Address)));

    internal static IReadOnlyList<IPAddress> Select(CandidateFilter filter, IEnumerable<(string Interface, IPAddress Address)> addresses) =>
        [.. addresses.Where(entry => filter.AllowsInterface(entry.Interface) && Allows(filter, entry.Address)).Select(static entry => entry.Address).Distinct().Take(Most)];

    /// <summary>The address of a server to ask, from a machine with these: one of IPv4 if any, since that is where translation is. Null when none can be reached.</summary>
    internal static IPAddress? Reachable(IEnumerable<IPAddress> ofServer, IReadOnlyList<IPAddress> own) => ofServer
        .Where(address => own.Any(one => one.AddressFamily == address.AddressFamily))
        .OrderBy(static address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
        .FirstOrDefault();

    private static bool Allows(CandidateFilter filter, IPAddress address)
    {
        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        var isLinkLocal = isIPv4 ? address.GetAddressBytes() is [169, 254, ..] : address.IsIPv6LinkLocal;
        return (isIPv4 ? filter.IncludeIPv4 : filter.IncludeIPv6)
            && (filter.IncludeLoopback || !IPAddress.IsLoopback(address))
            && (filter.IncludeLinkLocal || !isLinkLocal)
            && !address.IsIPv6Multicast && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);
    }
}
