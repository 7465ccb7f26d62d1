namespace Bowline.Testing.Tunnel;

/// <summary>What happens to a message on its way.</summary>
public enum BusFault
{
    /// <summary>It is delivered.</summary>
    None,

    /// <summary>It is lost.</summary>
    Drop,

    /// <summary>It is delivered twice.</summary>
    Repeat,
}
