namespace Bowline.Nostr;

/// <summary>The names, and the types of the fields behind them (NIP-19).</summary>
internal static class IdentifierFields
{
    public const string PublicKey = "npub";
    public const string SecretKey = "nsec";
    public const string Note = "note";
    public const string Profile = "nprofile";
    public const string Event = "nevent";
    public const string Address = "naddr";

    public const byte Special = 0;
    public const byte Relay = 1;
    public const byte Author = 2;
    public const byte Kind = 3;
}
