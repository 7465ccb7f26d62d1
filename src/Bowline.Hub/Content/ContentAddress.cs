using System.Diagnostics.CodeAnalysis;
using Bowline.Tunnel;

namespace Bowline.Hub.Content;

/// <summary>Takes node, service and the rest out of an address, without unescaping or folding anything of the rest.</summary>
internal readonly record struct ContentAddress(string Node, string Service, string Prefix, string PathAndQuery)
{
    private const string HostSeparator = "--";

    /// <summary>Reads <c>/&lt;node&gt;/&lt;service&gt;/...</c> below a root such as <c>/t</c>.</summary>
    /// <param name="rawTarget">The request target as it came in.</param>
    /// <param name="root">What precedes the node: empty or <c>/t</c>.</param>
    /// <param name="address">The parts; the path is empty when the slash after the service is missing.</param>
    public static bool TryReadPath(string rawTarget, string root, out ContentAddress address)
    {
        address = default;
        if (!rawTarget.StartsWith(root + "/", StringComparison.Ordinal))
        {
            return false;
        }

        var start = root.Length + 1;
        var pathEnd = rawTarget.IndexOfAny(['?', '#']);
        pathEnd = pathEnd < 0 ? rawTarget.Length : pathEnd;
        var afterNode = rawTarget.IndexOf('/', start);
        if (afterNode < 0 || afterNode >= pathEnd)
        {
            return false;
        }

        var afterService = rawTarget.IndexOf('/', afterNode + 1);
        afterService = afterService < 0 || afterService > pathEnd ? pathEnd : afterService;
        var node = rawTarget[start..afterNode];
        var service = rawTarget[(afterNode + 1)..afterService];
        address = new ContentAddress(node, service, rawTarget[..afterService], rawTarget[afterService..]);
        return IsNode(node) && TunnelServices.IsName(service);
    }

    /// <summary>Reads <c>&lt;service&gt;--&lt;node&gt;.&lt;domain&gt;</c>.</summary>
    public static bool TryReadHost(string host, string? domain, [NotNullWhen(true)] out string? node, [NotNullWhen(true)] out string? service)
    {
        node = service = null;
        if (!IsBelow(host, domain))
        {
            return false;
        }

        // The node's slug has no double dash, so the last one separates.
        var label = host[..^(domain!.Length + 1)].ToLowerInvariant();
        var separator = label.LastIndexOf(HostSeparator, StringComparison.Ordinal);
        if (separator <= 0)
        {
            return false;
        }

        (service, node) = (label[..separator], label[(separator + HostSeparator.Length)..]);
        return IsNode(node) && TunnelServices.IsName(service);
    }

    /// <summary>True for a host of the wildcard domain, well formed or not.</summary>
    public static bool IsBelow(string host, string? domain) =>
        domain is not null && host.Length > domain.Length + 1 && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && host[^(domain.Length + 1)] == '.';

    /// <summary>True for a path that stays on its origin when it is sent as a Location.</summary>
    public static bool IsLocalPath(string? path) =>
        path is { Length: > 0 and <= 4096 } && path[0] == '/' && !(path.Length > 1 && path[1] is '/' or '\\') && !path.Any(c => c is <= ' ' or >= '\x7f');

    private static bool IsNode(string text) => text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
