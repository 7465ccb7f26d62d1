namespace Bowline.Nats;

/// <summary>The user may not publish or subscribe on a subject. The connection stays open.</summary>
/// <param name="error">The server's own words.</param>
/// <param name="subject">The forbidden subject.</param>
/// <param name="isPublish">True for a publish, false for a subscription.</param>
public sealed class NatsPermissionViolationException(string error, string subject, bool isPublish)
    : NatsServerException(error)
{
    /// <summary>The forbidden subject.</summary>
    public string Subject { get; } = subject;

    /// <summary>True for a publish, false for a subscription.</summary>
    public bool IsPublish { get; } = isPublish;
}
