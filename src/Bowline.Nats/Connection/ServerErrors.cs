namespace Bowline.Nats;

/// <summary>What the words of <c>-ERR</c> mean; the protocol has no codes.</summary>
internal static class ServerErrors
{
    private const string Publish = "Permissions Violation for Publish to \"";
    private const string PublishReply = "Permissions Violation for Publish with Reply of \"";
    private const string TooManySubscriptions = "maximum subscriptions exceeded";
    private const string Subscription = "Permissions Violation for Subscription to \"";

    public static NatsServerException Parse(string text) =>
        Quoted(text, Publish) is { } publish ? new NatsPermissionViolationException(text, publish, isPublish: true)
        : Quoted(text, PublishReply) is { } reply ? new NatsPermissionViolationException(text, reply, isPublish: true)
        : Quoted(text, Subscription) is { } subscription ? new NatsPermissionViolationException(text, subscription, isPublish: false)
        : text.StartsWith(TooManySubscriptions, StringComparison.OrdinalIgnoreCase) ? new NatsSubscriptionLimitException(text)
        : new NatsServerException(text);

    /// <summary>These leave the connection open; the server closes after every other error.</summary>
    public static bool ClosesConnection(string text) =>
        !text.StartsWith("Permissions Violation", StringComparison.OrdinalIgnoreCase)
        && !text.StartsWith("Invalid Subject", StringComparison.OrdinalIgnoreCase)
        && !text.StartsWith("Invalid Publish Subject", StringComparison.OrdinalIgnoreCase)
        && !text.StartsWith(TooManySubscriptions, StringComparison.OrdinalIgnoreCase);

    private static string? Quoted(string text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var end = text.IndexOf('"', prefix.Length);
        return end < 0 ? null : text[prefix.Length..end];
    }
}
