namespace Bowline.Nostr;

/// <summary>What a client sends to a relay: one of the six messages of NIP-01, NIP-42 and NIP-45.</summary>
public abstract record ClientMessage
{
    private protected ClientMessage()
    {
    }
}
