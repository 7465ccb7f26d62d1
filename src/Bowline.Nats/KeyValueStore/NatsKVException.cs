using Bowline.Nats.JetStream;

namespace Bowline.Nats.KeyValueStore;

/// <summary>The base of every key-value failure.</summary>
public class NatsKVException : NatsJSException
{
    /// <summary>Creates the exception.</summary>
    public NatsKVException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NatsKVException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
