namespace Bowline.Nats.NKeys;

/// <summary>What an nkey is for. The value is the prefix byte of its text form, which decides the first letter.</summary>
public enum NKeyType
{
    /// <summary>Not a key type.</summary>
    None = -1,

    /// <summary>An account (A...).</summary>
    Account = 0,

    /// <summary>A cluster (C...).</summary>
    Cluster = 2 << 3,

    /// <summary>A server (N...).</summary>
    Server = 13 << 3,

    /// <summary>An operator (O...).</summary>
    Operator = 14 << 3,

    /// <summary>A user (U...).</summary>
    User = 20 << 3,
}
