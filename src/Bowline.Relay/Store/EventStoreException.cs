namespace Bowline.Relay;

/// <summary>A store failed; <see cref="Error"/> says how.</summary>
public sealed class EventStoreException : Exception
{
    /// <summary>Makes one.</summary>
    public EventStoreException(EventStoreError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>What kind of failure.</summary>
    public EventStoreError Error { get; }
}
