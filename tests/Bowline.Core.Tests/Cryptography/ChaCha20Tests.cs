using Bowline.Core.Cryptography;

namespace Bowline.Core.Tests.Cryptography;

public sealed class ChaCha20Tests
{
    // RFC 8439, appendix A.1, test vectors 1 and 5: the key stream of block 0.
    [Theory]
    [InlineData("000000000000000000000000", "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586")]
    [InlineData("000000000000000000000002", "c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c78a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531bed6d")]
    public void The_key_stream_is_the_one_of_the_standard(string nonce, string stream)
    {
        var data = new byte[64];
        ChaCha20.Apply(new byte[32], Convert.FromHexString(nonce), data);
        Assert.Equal(stream, Convert.ToHexStringLower(data));
    }

    [Fact]
    public void Twice_is_as_before_and_nothing_is_nothing()
    {
        var key = Enumerable.Range(0, 32).Select(static i => (byte)i).ToArray();
        var data = "a text of more than one block of sixty-four bytes, so that the counter has to go on to the next"u8.ToArray();
        var before = data.ToArray();
        ChaCha20.Apply(key, new byte[12], data);
        Assert.NotEqual(before, data);
        ChaCha20.Apply(key, new byte[12], data);
        Assert.Equal(before, data);
        ChaCha20.Apply(key, new byte[12], []);
    }

    [Theory]
    [InlineData(31, 12)]
    [InlineData(32, 8)]
    public void Another_length_of_key_or_nonce_is_refused(int key, int nonce) =>
        Assert.Throws<ArgumentException>(() => ChaCha20.Apply(new byte[key], new byte[nonce], new byte[1]));
}
