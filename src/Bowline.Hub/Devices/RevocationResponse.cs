namespace Bowline.Hub.Devices;

/// <summary>The answer (202) to a revocation that is not effective at once everywhere.</summary>
/// <param name="EffectiveWithinSeconds">The longest that the device may still act on a direct connection to NATS.</param>
/// <param name="Message">The same in words.</param>
internal sealed record RevocationResponse(int EffectiveWithinSeconds, string Message);
