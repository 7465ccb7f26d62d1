namespace Bowline.Nats.JetStream;

/// <summary>What became of one message of a pipelined publisher.</summary>
/// <param name="Index">Its place in the order of publishing, from 0.</param>
/// <param name="Sequence">Its sequence in the stream; 0 when it failed.</param>
/// <param name="Duplicate">True when its id was stored before.</param>
/// <param name="Error">Why it failed; null when it is stored.</param>
public readonly record struct NatsJSPublishResult(long Index, ulong Sequence, bool Duplicate, NatsException? Error);
