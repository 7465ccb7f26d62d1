using System.Buffers.Text;
using System.Text;
using Bowline.Core.Identity;

namespace Bowline.Tunnel;

/// <summary>The subjects of the tunnel (docs/protocol/tunnel.md section 2), written and taken apart.</summary>
internal static class TunnelSubjects
{
    public const string Prefix = "tunnel.v2.";
    private const int DeviceStart = 10;
    private const int AfterDevice = DeviceStart + DeviceId.Length;

    public static byte[] Open(DeviceId device) => Encoding.ASCII.GetBytes($"{Prefix}{device}.open");

    public static byte[] In(DeviceId device, InstanceId instance, string clientId) => Encoding.ASCII.GetBytes($"{Prefix}{device}.in.{instance.Token}.{clientId}");

    public static byte[] Reply(DeviceId device, string clientId) => Encoding.ASCII.GetBytes($"{Prefix}{device}.reply.{clientId}");

    /// <summary>Appends <c>.&lt;streamId&gt;</c> or <c>.ping&lt;n&gt;</c>; returns the length.</summary>
    public static int Extend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> word, uint number, Span<byte> destination)
    {
        subject.CopyTo(destination);
        destination[subject.Length] = (byte)'.';
        word.CopyTo(destination[(subject.Length + 1)..]);
        _ = Utf8Formatter.TryFormat(number, destination[(subject.Length + 1 + word.Length)..], out var digits);
        return subject.Length + 1 + word.Length + digits;
    }

    /// <summary>Takes <c>tunnel.v2.&lt;device&gt;.</c> off; the device is checked for length only, the caller compares it.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> subject, out ReadOnlySpan<byte> device, out ReadOnlySpan<byte> rest)
    {
        device = default;
        rest = default;
        if (subject.Length <= AfterDevice + 1 || subject[AfterDevice] != '.' || !subject.StartsWith("tunnel.v2."u8))
        {
            return false;
        }

        device = subject[DeviceStart..AfterDevice];
        rest = subject[(AfterDevice + 1)..];
        return true;
    }

    /// <summary><c>reply.&lt;client&gt;.&lt;stream&gt;</c>, as an open names it.</summary>
    public static bool TryReadOpenReply(ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> clientId, out uint streamId)
    {
        clientId = default;
        streamId = 0;
        if (!rest.StartsWith("reply."u8))
        {
            return false;
        }

        rest = rest[6..];
        var dot = rest.IndexOf((byte)'.');
        if (dot < 0 || !IsClientId(rest[..dot]) || !Utf8Parser.TryParse(rest[(dot + 1)..], out streamId, out var used) || used != rest.Length - dot - 1)
        {
            return false;
        }

        clientId = rest[..dot];
        return true;
    }

    public static bool IsClientId(ReadOnlySpan<byte> token) => token.Length is >= 8 and <= 64 && !token.ContainsAnyExcept(ClientIdBytes);

    private static readonly System.Buffers.SearchValues<byte> ClientIdBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"u8);
}
