namespace Bowline.Nats.JetStream;

/// <summary>A message read from a stream.</summary>
/// <param name="Subject">The subject it was published on.</param>
/// <param name="Sequence">Its sequence in the stream.</param>
/// <param name="Time">When the stream stored it.</param>
/// <param name="Headers">Its headers, or null; a direct read adds the server's own <c>Nats-</c> headers.</param>
/// <param name="Data">Its body.</param>
public sealed record NatsJSStoredMsg(string Subject, ulong Sequence, DateTimeOffset Time, NatsHeaders? Headers, byte[] Data);
