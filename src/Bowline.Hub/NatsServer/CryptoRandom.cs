using System.Security.Cryptography;

namespace Bowline.Hub.NatsServer;

/// <summary>The operating system's generator in the shape that <see cref="Bowline.Core.Time.Backoff"/> takes.</summary>
internal sealed class CryptoRandom : Random
{
    public CryptoRandom()
        : base(0)
    {
    }

    public override double NextDouble() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
