namespace Bowline.Nostr;

/// <summary>The first string of every message (NIP-01, NIP-42, NIP-45).</summary>
internal static class MessageTypes
{
    public const string Event = "EVENT";
    public const string Request = "REQ";
    public const string Count = "COUNT";
    public const string Close = "CLOSE";
    public const string Auth = "AUTH";
    public const string Ok = "OK";
    public const string EndOfStored = "EOSE";
    public const string Closed = "CLOSED";
    public const string Notice = "NOTICE";
}
