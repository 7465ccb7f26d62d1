using System.Text;

namespace Bowline.Tunnel;

/// <summary>Lets a dictionary with ASCII text keys be asked with the bytes of a subject or a head, without making a string.</summary>
internal sealed class Utf8KeyComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static readonly Utf8KeyComparer Instance = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode(string obj)
    {
        uint hash = 2166136261;
        foreach (var c in obj)
        {
            hash = (hash ^ (byte)c) * 16777619;
        }

        return (int)hash;
    }

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);

    public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.Equals(alternate, other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        uint hash = 2166136261;
        foreach (var b in alternate)
        {
            hash = (hash ^ b) * 16777619;
        }

        return (int)hash;
    }
}
