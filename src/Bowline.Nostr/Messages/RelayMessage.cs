namespace Bowline.Nostr;

/// <summary>What a relay sends to a client: one of the seven messages of NIP-01, NIP-42 and NIP-45.</summary>
public abstract record RelayMessage
{
    private protected RelayMessage()
    {
    }
}
