namespace Bowline.Tunnel;

/// <summary>Turns the node of an address into a target.</summary>
public interface ITunnelNodeResolver
{
    /// <summary>The target of <c>http://&lt;service&gt;.&lt;node&gt;.bowline/</c>, or null when there is no such node for this caller.</summary>
    public ValueTask<TunnelTarget?> ResolveAsync(string node, string service, CancellationToken cancellationToken);
}
