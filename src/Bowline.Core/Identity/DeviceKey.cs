using System.Security.Cryptography;
using Bowline.Core.Cryptography;
using Bowline.Core.Files;

namespace Bowline.Core.Identity;

/// <summary>A node's private identity: an Ed25519 seed kept in a file that only its owner can read.</summary>
public sealed class DeviceKey : IDisposable
{
    private readonly byte[] _seed;

    private DeviceKey(byte[] seed)
    {
        _seed = seed;
        Id = DeviceId.FromPublicKey(Ed25519.GetPublicKey(seed));
    }

    /// <summary>The public half.</summary>
    public DeviceId Id { get; }

    /// <summary>A new key that exists only in memory.</summary>
    public static DeviceKey Create() => new(Ed25519.NewSeed());

    /// <summary>Reads the key file, or makes the key and the file (mode 0600) when there is none.</summary>
    /// <exception cref="InvalidDataException">The file exists and is not a 32-byte seed, or others may read it.</exception>
    public static DeviceKey LoadOrCreate(string path)
    {
        if (SecretFile.TryRead(path, out var seed))
        {
            return seed.Length == Ed25519.KeySize
                ? new DeviceKey(seed)
                : throw new InvalidDataException($"{path} is not a device key: it has {seed.Length} bytes instead of {Ed25519.KeySize}. Restore it from a backup, or delete it and join the hub again.");
        }

        var created = Ed25519.NewSeed();
        SecretFile.Write(path, created);
        return new DeviceKey(created);
    }

    /// <summary>Signs data with the device's key (64 bytes).</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => Ed25519.Sign(_seed, data);

    /// <summary>Wipes the seed from memory.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_seed);
}
