namespace Bowline.Nostr;

/// <summary>What a <see cref="RelayException"/> is about.</summary>
public enum RelayError
{
    /// <summary>The relay ended or refused the subscription; see <see cref="RelayException.Reason"/>.</summary>
    SubscriptionClosed,

    /// <summary>The relay wants a key proven, and none was given or it did not accept it.</summary>
    AuthenticationRefused,

    /// <summary>The relay honours one key per connection, and there are as many connections to it as the options allow.</summary>
    TooManyKeys,

    /// <summary>The subscription was full and its reader took nothing for <see cref="RelayClientOptions.SlowReaderLimit"/>.</summary>
    SlowReader,

    /// <summary>The connection or pool was closed by this program.</summary>
    Closed,
}
