namespace Bowline.Nostr.Tests.Identifiers;

public sealed class NostrIdentifierTests
{
    // The examples in NIP-19 itself.
    private const string ExampleKey = "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d";
    private const string ExampleProfile = "nprofile1qqsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8gpp4mhxue69uhhytnc9e3k7mgpz4mhxue69uhkg6nzv9ejuumpv34kytnrdaksjlyr9p";

    [Fact]
    public void The_examples_of_the_standard_are_read_and_written()
    {
        var key = NostrPublicKey.Parse(ExampleKey);
        var profile = Assert.IsType<ProfileIdentifier>(NostrIdentifier.Parse(ExampleProfile));
        Assert.Equal(key, profile.Key);
        Assert.Equal(["wss://r.x.com", "wss://djbas.sadkb.com"], profile.Relays);
        Assert.Equal(ExampleProfile, profile.ToString());

        const string Npub = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg";
        var example = new PublicKeyIdentifier(NostrPublicKey.Parse("7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"));
        Assert.Equal(Npub, example.ToString());
        Assert.Equal(example, NostrIdentifier.Parse(Npub));

        const string Nsec = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5";
        Assert.True(SecretKeyText.TryParse(Nsec, out var secret, out _));
        using (secret)
        {
            Assert.Equal(Nsec, SecretKeyText.Write(secret));
            Assert.True(SecretKeyText.TryParse("67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa", out var same, out _));
            Assert.Equal(secret.PublicKey, same.PublicKey);
            same.Dispose();
        }
    }

    [Fact]
    public void Every_kind_comes_back_as_it_was()
    {
        var key = NostrPublicKey.Parse(ExampleKey);
        var id = EventId.Parse(new string('a', 64));
        foreach (var value in new NostrIdentifier[]
        {
            new NoteIdentifier(id),
            new EventIdentifier(id, []),
            new EventIdentifier(id, ["wss://a.example", "ws://127.0.0.1:7777/x"], key, 65535),
            new AddressIdentifier("", key, 10_002, []),
            new AddressIdentifier("día é 🪢", key, 30_023, ["wss://a.example"]),
            new ProfileIdentifier(key, []),
        })
        {
            var text = value.ToString();
            Assert.Equal(text, NostrIdentifier.Parse(text).ToString());
            Assert.Equal(text, NostrIdentifier.Parse("nostr:" + text).ToString());
            Assert.Equal(text, NostrIdentifier.Parse(text.ToUpperInvariant()).ToString());
        }
    }

    [Theory]
    [InlineData("", "not complete")]
    [InlineData("npub1", "not complete")]
    [InlineData("npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjpth", "checksum")]
    [InlineData("npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjpTg", "upper and lower")]
    [InlineData("npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjpbg", "'b'")]
    [InlineData("NPUB10ELFCS4FR0L0R8AF98JLMGDH9C8TCXJVZ9QKW038JS35MP4DMA8QZVJPTG\u212a", "not ASCII")]
    [InlineData("nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5", "secret key")]
    [InlineData("a12uel5l", "nothing called 'a'")]
    [InlineData("3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d", "cannot be there")]
    public void What_is_wrong_is_said(string text, string words)
    {
        Assert.False(NostrIdentifier.TryParse(text, out _, out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.Contains(words, Assert.Throws<FormatException>(() => NostrIdentifier.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_that_are_missing_or_malformed_are_refused()
    {
        var key = NostrPublicKey.Parse(ExampleKey).ToByteArray();
        byte[][] bodies =
        [
            [],
            [0],
            [0, 32, 1, 2],
            [0, 31, .. key.AsSpan(1)],
            [1, 3, 97, 98, 99],
            [0, 32, .. key, 1, 1, 0xff],
            [0, 32, .. key, 2, 3, 1, 2, 3],
            [0, 32, .. key, 3, 4, 0, 1, 0, 0],
            [0, 32, .. key, 9],
        ];
        foreach (var body in bodies)
        {
            foreach (var name in new[] { "nprofile", "nevent", "naddr" })
            {
                Assert.False(NostrIdentifier.TryParse(Bech32.Encode(name, body), out _, out var problem), $"{name} {Convert.ToHexString(body)}");
                Assert.Contains(name, problem, StringComparison.Ordinal);
            }
        }

        Assert.False(NostrIdentifier.TryParse(Bech32.Encode("npub", key.AsSpan(1)), out _, out _));
        Assert.True(NostrIdentifier.TryParse(Bech32.Encode("nprofile", [0, 32, .. key, 200, 2, 1, 2]), out _, out _)); // unknown fields are passed over
    }

    [Fact]
    public void What_is_too_long_is_neither_read_nor_written()
    {
        Assert.False(NostrIdentifier.TryParse("nprofile1" + new string('q', 5_000), out _, out var problem));
        Assert.Contains("too long", problem, StringComparison.Ordinal);
        var key = NostrPublicKey.Parse(ExampleKey);
        Assert.Throws<InvalidOperationException>(() => new ProfileIdentifier(key, [new string('x', 256)]).ToString());
        Assert.Throws<InvalidOperationException>(() => new ProfileIdentifier(key, [.. Enumerable.Repeat(new string('x', 200), 20)]).ToString());
    }

    [Fact]
    public void A_wrong_secret_key_is_not_repeated()
    {
        const string Wrong = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe4";
        Assert.False(SecretKeyText.TryParse(Wrong, out _, out var problem));
        Assert.DoesNotContain("vl029", problem, StringComparison.Ordinal);
        Assert.False(SecretKeyText.TryParse("npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg", out _, out problem));
        Assert.Contains("public key", problem, StringComparison.Ordinal);
        Assert.False(SecretKeyText.TryParse(new string('0', 64), out _, out _));
        Assert.False(SecretKeyText.TryParse("", out _, out _));
    }
}
