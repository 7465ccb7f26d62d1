namespace Bowline.Core.Health;

/// <summary>How much a health warning takes away.</summary>
public enum HealthSeverity
{
    /// <summary>Worth knowing; nothing is lost.</summary>
    Info,

    /// <summary>Works, but not as it should, or not for long.</summary>
    Warning,

    /// <summary>Something the user relies on does not work.</summary>
    Error,
}
