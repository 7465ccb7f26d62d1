namespace Bowline.Nostr;

/// <summary>How a relay keeps events of a kind (NIP-01).</summary>
public enum KindClass
{
    /// <summary>All are kept.</summary>
    Regular,

    /// <summary>The newest per author and kind.</summary>
    Replaceable,

    /// <summary>None; they are handed on only.</summary>
    Ephemeral,

    /// <summary>The newest per author, kind and <c>d</c> tag.</summary>
    Addressable,
}
