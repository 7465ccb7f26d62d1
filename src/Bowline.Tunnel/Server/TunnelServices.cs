using System.Collections.Concurrent;

namespace Bowline.Tunnel;

/// <summary>The services of a node by name. Changes apply to the next exchange.</summary>
public sealed class TunnelServices
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    internal sealed record Entry(ITunnelHandler Handler, ServiceAccess Access);

    /// <summary>Maps or replaces a service.</summary>
    /// <exception cref="ArgumentException">The name is not 1 to 63 of a-z, 0-9, '-' and '_'.</exception>
    public void Map(string name, ITunnelHandler handler, ServiceAccess access)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(access);
        if (!IsName(name))
        {
            throw new ArgumentException("A service name is 1 to 63 of a-z, 0-9, '-' and '_'.", nameof(name));
        }

        _entries[name] = new(handler, access);
    }

    /// <summary>Removes a service; exchanges that run go on.</summary>
    public bool Unmap(string name) => name != TunnelTarget.NodeService && _entries.TryRemove(name, out _);

    /// <summary>Maps the node's own control endpoints, which only the hub's principal reaches.</summary>
    public void MapNode(ITunnelHandler handler) => _entries[TunnelTarget.NodeService] = new(handler, ServiceAccess.Owner);

    /// <summary>Names and access of what is mapped, without the node's own.</summary>
    public IReadOnlyList<KeyValuePair<string, ServiceAccess>> List() =>
        [.. _entries.Where(e => e.Key != TunnelTarget.NodeService).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, e.Value.Access))];

    /// <summary>True for a name that <see cref="Map"/> takes.</summary>
    public static bool IsName(string? name) => name is not null && HeadRules.IsService(name) && !name.Contains('$', StringComparison.Ordinal);

    internal Entry? Find(string name) => _entries.GetValueOrDefault(name);
}
