namespace Bowline.Nats.JetStream;

/// <summary>
/// The server took a configuration but not this setting: old servers silently drop what they do not know. The stream or
/// consumer exists without it.
/// </summary>
public sealed class NatsJSConfigNotAppliedException : NatsJSException
{
    /// <summary>Creates the exception.</summary>
    public NatsJSConfigNotAppliedException(string field, string asked, string? given)
        : base($"The server did not apply '{field}': asked for {asked}, got {given ?? "nothing"}. It is probably too old for this setting.")
    {
        Field = field;
        Asked = asked;
        Given = given;
    }

    /// <summary>The setting's name on the wire, for example <c>filter_subjects</c>.</summary>
    public string Field { get; }

    /// <summary>What was asked, as JSON.</summary>
    public string Asked { get; }

    /// <summary>What is in force, as JSON; null for nothing.</summary>
    public string? Given { get; }
}
