namespace Bowline.Relay;

/// <summary>What became of an added event.</summary>
public enum StoreOutcome
{
    /// <summary>It is committed.</summary>
    Stored,

    /// <summary>It was there already.</summary>
    Duplicate,

    /// <summary>A newer one (or one of the same second with a smaller id) stands in its place (NIP-01).</summary>
    Superseded,

    /// <summary>Its author has deleted it before (NIP-09).</summary>
    Deleted,
}
