namespace Bowline.Nats;

public sealed partial class NatsConnection
{
    /// <summary>Something that is another object after every loss of the connection, and null while there is none.</summary>
    internal object? SessionMark => _session;
}
