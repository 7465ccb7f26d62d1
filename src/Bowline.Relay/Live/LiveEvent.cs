using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>An event on its way to subscribers, with the one serialisation they share.</summary>
internal sealed record LiveEvent(NostrEvent Event, ReadOnlyMemory<byte> Json);
