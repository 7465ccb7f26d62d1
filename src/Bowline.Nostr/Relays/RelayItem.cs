using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Bowline.Nostr;

/// <summary>What a subscription yields: verified events, and once the mark that all stored ones have been handed out.</summary>
/// <param name="Event">The event, or null for the mark.</param>
/// <param name="Relay">The relay it came from first; the last one to end its stored events for the mark.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RelayItem(NostrEvent? Event, Uri Relay)
{
    /// <summary>True for the mark: what follows is new (EOSE of NIP-01).</summary>
    [MemberNotNullWhen(false, nameof(Event))]
    public bool IsEndOfStored => Event is null;
}
