namespace Bowline.Nats;

/// <summary>The user or its account has as many subscriptions as it may. The connection stays open.</summary>
/// <param name="error">The server's own words.</param>
public sealed class NatsSubscriptionLimitException(string error) : NatsServerException(error);
