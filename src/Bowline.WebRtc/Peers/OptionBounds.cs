namespace Bowline.WebRtc;

/// <summary>Checks the ranges of options, when a connection or a channel is made with them.</summary>
internal static class OptionBounds
{
    internal static void Require(long value, long lowest, long highest, string name)
    {
        if (value < lowest || value > highest)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is from {lowest} to {highest}.");
        }
    }

    internal static void Require(TimeSpan value, TimeSpan lowest, TimeSpan highest, string name)
    {
        if (value < lowest || value > highest)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is from {lowest} to {highest}.");
        }
    }
}
