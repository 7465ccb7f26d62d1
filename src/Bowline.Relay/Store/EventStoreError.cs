namespace Bowline.Relay;

/// <summary>Why a store could not do what it was asked.</summary>
public enum EventStoreError
{
    /// <summary>No room is left on the disk, or the store has reached its configured size.</summary>
    Full,

    /// <summary>The store can be read only.</summary>
    ReadOnly,

    /// <summary>The store cannot be reached now, or somebody else holds it.</summary>
    Unavailable,

    /// <summary>It is no store of this version, or damaged: nothing will work until a person has looked at it.</summary>
    Unusable,

    /// <summary>The store refused this event or query, others may work.</summary>
    Refused,

    /// <summary>It has been closed.</summary>
    Closed,
}
