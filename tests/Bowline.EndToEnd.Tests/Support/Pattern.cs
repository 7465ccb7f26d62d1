namespace Bowline.EndToEnd.Tests.Support;

/// <summary>Bytes that follow from their position. The period is prime, so a chunk that is missing, repeated or moved does not fit.</summary>
internal static class Pattern
{
    private const int Period = 65_521;
    private static readonly byte[] Block = Make();

    public static void Fill(Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            var start = (int)(offset % Period);
            var count = Math.Min(target.Length, Period - start);
            Block.AsSpan(start, count).CopyTo(target);
            target = target[count..];
            offset += count;
        }
    }

    public static bool Matches(ReadOnlySpan<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var start = (int)(offset % Period);
            var count = Math.Min(bytes.Length, Period - start);
            if (!bytes[..count].SequenceEqual(Block.AsSpan(start, count)))
            {
                return false;
            }

            bytes = bytes[count..];
            offset += count;
        }

        return true;
    }

    private static byte[] Make()
    {
        var block = new byte[Period];
        new Random(20_261_121).NextBytes(block);
        return block;
    }
}
