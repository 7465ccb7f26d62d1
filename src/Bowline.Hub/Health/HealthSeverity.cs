namespace Bowline.Hub.Health;

/// <summary>How bad a warning is.</summary>
internal enum HealthSeverity
{
    /// <summary>Works, but not as it should.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Error,
}
