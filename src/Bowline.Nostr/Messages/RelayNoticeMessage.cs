namespace Bowline.Nostr;

/// <summary><c>["NOTICE",text]</c>: words for a person (NIP-01).</summary>
/// <param name="Text">The words.</param>
public sealed record RelayNoticeMessage(string Text) : RelayMessage;
