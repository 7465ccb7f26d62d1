namespace Bowline.Hub.Presence;

/// <summary>What is known about a link now.</summary>
internal enum LinkState
{
    /// <summary>Nothing proves it either way.</summary>
    Unknown,

    /// <summary>It was proved to answer.</summary>
    Online,

    /// <summary>It was proved not to be there.</summary>
    Offline,
}
