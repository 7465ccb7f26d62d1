using System.Text;

namespace Bowline.Nostr.Tests.Text;

public sealed class HexTests
{
    // Every character at every place: what decodes are the sixteen digits, and nothing else.
    [Fact]
    public void Only_the_sixteen_lower_case_digits_are_read()
    {
        var bytes = new byte[32];
        for (var place = 0; place < 64; place++)
        {
            for (var c = 0; c < 0x300; c++)
            {
                var text = new string('5', 64).Remove(place, 1).Insert(place, ((char)c).ToString());
                var digit = "0123456789abcdef".Contains((char)c, StringComparison.Ordinal);
                Assert.True(digit == Hex.TryDecode(text, bytes), $"{c:x} at {place}");
                Assert.True(digit == Hex.TryDecode(Encoding.Latin1.GetBytes(text), bytes) || c > 0xff, $"{c:x} at {place}, as a byte");
                if (digit)
                {
                    Assert.Equal(text, NostrPublicKey.FromBytes(bytes).ToString());
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("555")]
    [InlineData("555555")]
    public void Another_length_is_refused(string text)
    {
        Assert.False(Hex.TryDecode(text, new byte[2]));
        Assert.False(Hex.TryDecode(Encoding.ASCII.GetBytes(text), new byte[2]));
    }

    [Fact]
    public void Ids_are_ordered_as_their_texts_are()
    {
        var random = new Random(1);
        var ids = Enumerable.Range(0, 200).Select(_ =>
        {
            var bytes = new byte[32];
            random.NextBytes(bytes.AsSpan(random.Next(32)));
            return EventId.FromBytes(bytes);
        }).ToArray();
        Assert.Equal(ids.Select(static id => id.ToString()).Order(StringComparer.Ordinal), ids.Order().Select(static id => id.ToString()));
    }
}
