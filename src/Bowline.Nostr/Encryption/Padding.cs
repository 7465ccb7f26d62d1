using System.Numerics;

namespace Bowline.Nostr;

/// <summary>How NIP-44 hides the length of a text: it is filled up with zeros to one of few lengths.</summary>
internal static class Padding
{
    public const int MinText = 1;

    public const int MaxText = 65535;

    /// <summary>Bytes before the text that say how long it is.</summary>
    public const int PrefixSize = 2;

    private const int MinPadded = 32;

    /// <summary>The length that a text of so many bytes is filled up to, without the prefix.</summary>
    /// <param name="length">At least 1.</param>
    public static int PaddedLength(int length)
    {
        if (length <= MinPadded)
        {
            return MinPadded;
        }

        var nextPower = (int)BitOperations.RoundUpToPowerOf2((uint)length);
        var chunk = nextPower <= 256 ? 32 : nextPower / 8;
        return chunk * (((length - 1) / chunk) + 1);
    }
}
