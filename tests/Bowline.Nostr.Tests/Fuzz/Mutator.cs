namespace Bowline.Nostr.Tests.Fuzz;

/// <summary>Changes valid inputs a little, and sometimes a lot.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Tokens =
    [
        .. new[] { "\"", "\\", "[", "]", "{", "}", ",", ":", "null", "-1", "1e999", "99999999999999999999", "\\ud800", "\\u0000", "\"id\":", "\"#t\":", "é", "🪢", " " }
            .Select(System.Text.Encoding.UTF8.GetBytes),
        [0xff],
        [0],
        [0xed, 0xa0, 0x80],
    ];

    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    public byte[] Mutate(byte[][] samples)
    {
        List<byte> bytes = [.. samples[_random.Next(samples.Length)]];
        for (var changes = _random.Next(4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = _random.Next(bytes.Count);
            switch (_random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + _random.Next(8)));
                    break;
                case 3:
                    bytes.InsertRange(at, Tokens[_random.Next(Tokens.Length)]);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, 1 + _random.Next(40))));
                    break;
                case 5:
                    var other = samples[_random.Next(samples.Length)];
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other.AsSpan(_random.Next(other.Length + 1)));
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat(Tokens[_random.Next(7)], 1 + _random.Next(200)).SelectMany(static token => token));
                    break;
            }
        }

        return [.. bytes];
    }
}
