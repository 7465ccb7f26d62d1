namespace Bowline.Nostr;

/// <summary><c>note1...</c>: an event by its id alone.</summary>
/// <param name="Id">The id.</param>
public sealed record NoteIdentifier(EventId Id) : NostrIdentifier;
