using System.Collections.Frozen;

namespace Bowline.Tunnel;

/// <summary>Who may use a service. Whoever is not named gets 403.</summary>
public sealed class ServiceAccess
{
    private readonly FrozenSet<string>? _accounts;
    private readonly bool _everyone;

    private ServiceAccess(FrozenSet<string>? accounts, bool everyone)
    {
        _accounts = accounts;
        _everyone = everyone;
    }

    /// <summary>The owner of the node alone: the default.</summary>
    public static ServiceAccess Owner { get; } = new(null, everyone: false);

    /// <summary>Everyone with an account at this hub.</summary>
    public static ServiceAccess Everyone { get; } = new(null, everyone: true);

    /// <summary>The owner and these accounts.</summary>
    public static ServiceAccess Accounts(params IEnumerable<string> accountIds) => new(accountIds.ToFrozenSet(StringComparer.Ordinal), everyone: false);

    /// <summary>The account ids beside the owner, empty for the other kinds.</summary>
    public IReadOnlyCollection<string> AccountIds => _accounts is null ? [] : _accounts.Items;

    /// <summary>True when the caller may use the service.</summary>
    /// <param name="caller">As established by the carrier.</param>
    /// <param name="ownerAccountId">The account that owns the node, or null when there is none yet.</param>
    public bool Allows(TunnelCaller caller, string? ownerAccountId)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.Kind == TunnelCaller.AccountKind
            && (_everyone || (ownerAccountId is not null && caller.Id == ownerAccountId) || _accounts?.Contains(caller.Id) == true);
    }

    /// <inheritdoc/>
    public override string ToString() => _everyone ? "everyone" : _accounts is null ? "owner" : string.Join(',', _accounts.Items.Order(StringComparer.Ordinal));
}
