namespace Bowline.Hub.Devices;

/// <summary>What the nonce cache knows about a nonce.</summary>
internal enum NonceVerdict
{
    /// <summary>Never seen; now used.</summary>
    Fresh,

    /// <summary>Used before.</summary>
    Replayed,

    /// <summary>No room to remember it, so it must be refused.</summary>
    Full,
}
