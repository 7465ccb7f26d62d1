using Bowline.Core.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Bowline.Core.Tests.Text;

public sealed class Base32Tests
{
    // RFC 4648 section 10, without its padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Encodes_the_vectors_of_the_rfc(string text, string expected) =>
        Assert.Equal(expected, Base32.ToUpperString(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Decoding_returns_what_was_encoded() => Prop.ForAll<byte[]>(bytes =>
    {
        var back = new byte[bytes.Length];
        return Base32.TryDecode(Base32.ToLowerString(bytes), back) && back.AsSpan().SequenceEqual(bytes);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("MZ", 1)] // trailing bits are not zero
    [InlineData("M1", 1)] // '1' is not in the alphabet
    [InlineData("MY======", 1)]
    [InlineData("MYY", 1)]
    public void Refuses_text_no_encoder_makes(string text, int bytes) =>
        Assert.False(Base32.TryDecode(text, new byte[bytes]));
}
