using System.Text;
using Bowline.Nats.NKeys;

namespace Bowline.Nats.Tests.NKeys;

public sealed class NKeyPairTests
{
    // Made with the npm package @nats-io/nkeys 2.0.3: type, seed, public key, signature over "bowline".
    [Theory]
    [InlineData(NKeyType.Operator, "SOAL2GDR7FP3TRNEMRZNZMXIMROVLHDPWYZGLQ65ODPFOF73QZUAOI7F2A", "ODU3E3KIWUPGZ3AAS4D4DUJ3UILGEUE7EI53H2FO36YWOB3O4YPNTHSI", "f2ff72aa4354a7140c04fcab82b7e07ef3b2e997ec4c0719a8267c015d526a0a323cecdc250d2b2e9f5649cdd514655117ec40e131e50bdd62fcbd8e258ee00f")]
    [InlineData(NKeyType.Account, "SAAPNCLI65LVQ2KRJY7SFS2DG6V26PYK4MPCFUXYAZLDYKNJTXQNNLJK3U", "ADMBGZXZMAP7TVS3UCB4N5CNGGQGLH5NTURVOIUSJLG3YCLB33Y5HIS3", "afa0c945ec463b44944b1696ebf2f0e8c11f2d57df9d633d07453f58f835ba4ec7a6a94c32ac8195f88c8dcba4518f85fcb68f7b37adb7f11d4c0b6afa35eb01")]
    [InlineData(NKeyType.User, "SUALY675XWY443DI64UNRZI5QBINIWL4L3REOK5WOP5LTDXT3GBXNULYCY", "UBBF2NXJ3NHP5I42U43NDI45PVFMIGLJNTEPQXDW3LGYTZ2NBRE6JXB7", "9f598b206f53bbfab4faeeccf2bc8ef1b8c6edb5dca678e26230f2fbbf4e1cdd551c62d87e13cf9e1a008800b3c5f886317ff8058aba7efe38e3368b70e8f003")]
    public void Reads_seeds_of_the_reference_library_and_signs_alike(NKeyType type, string seed, string publicKey, string signature)
    {
        using var pair = NKeyPair.FromSeed(seed);
        Assert.Equal(type, pair.Type);
        Assert.Equal(publicKey, pair.PublicKey);
        Assert.Equal(seed, pair.Seed);
        Assert.Equal(signature, Convert.ToHexStringLower(pair.Sign("bowline"u8)));
        Assert.True(NKeyPair.FromPublicKey(publicKey).Verify("bowline"u8, Convert.FromHexString(signature)));
        Assert.False(NKeyPair.FromPublicKey(publicKey).Verify("Bowline"u8, Convert.FromHexString(signature)));
    }

    [Theory]
    [InlineData(NKeyType.Account, 'A')]
    [InlineData(NKeyType.Cluster, 'C')]
    [InlineData(NKeyType.Server, 'N')]
    [InlineData(NKeyType.Operator, 'O')]
    [InlineData(NKeyType.User, 'U')]
    public void A_new_key_of_each_type_survives_its_text_forms(NKeyType type, char letter)
    {
        using var pair = NKeyPair.Create(type);
        using var again = NKeyPair.FromSeed(pair.Seed, type);
        Assert.Equal(letter, pair.PublicKey[0]);
        Assert.Equal(56, pair.PublicKey.Length);
        Assert.StartsWith("S" + letter, pair.Seed, StringComparison.Ordinal);
        Assert.Equal(58, pair.Seed.Length);
        Assert.Equal(pair.PublicKey, again.PublicKey);
        Assert.True(NKeyPair.IsPublicKey(pair.PublicKey, type));
        Assert.True(again.Verify("x"u8, pair.Sign("x"u8)));
        Assert.NotEqual(NKeyPair.Create(type).PublicKey, pair.PublicKey);
    }

    [Fact]
    public void Every_single_changed_character_of_a_seed_and_of_a_key_is_refused()
    {
        using var pair = NKeyPair.Create(NKeyType.User);
        foreach (var text in new[] { pair.Seed, pair.PublicKey })
        {
            for (var i = 0; i < text.Length; i++)
            {
                var changed = text[..i] + (text[i] == 'B' ? 'C' : 'B') + text[(i + 1)..];
                Assert.Throws<FormatException>(() => NKeyPair.FromSeed(changed));
                Assert.False(NKeyPair.TryFromPublicKey(changed, out _));
            }
        }
    }

    [Fact]
    public void Lower_case_wrong_lengths_and_the_other_kind_of_text_are_refused()
    {
        using var pair = NKeyPair.Create(NKeyType.Account);
        Assert.Throws<FormatException>(() => NKeyPair.FromSeed(pair.Seed.ToLowerInvariant()));
        Assert.Throws<FormatException>(() => NKeyPair.FromSeed(pair.Seed.AsSpan(1)));
        Assert.Throws<FormatException>(() => NKeyPair.FromSeed(pair.Seed + "A"));
        Assert.Throws<FormatException>(() => NKeyPair.FromSeed(pair.PublicKey));
        Assert.Throws<FormatException>(() => NKeyPair.FromSeed(""));
        Assert.Throws<FormatException>(() => NKeyPair.FromPublicKey(pair.Seed));
        Assert.Throws<FormatException>(() => NKeyPair.FromPublicKey(pair.PublicKey.ToLowerInvariant()));
    }

    [Fact]
    public void A_seed_of_another_type_is_refused_without_repeating_it()
    {
        using var pair = NKeyPair.Create(NKeyType.Account);
        var error = Assert.Throws<FormatException>(() => NKeyPair.FromSeed(pair.Seed, NKeyType.User));
        Assert.DoesNotContain(pair.Seed, error.Message, StringComparison.Ordinal);
        Assert.False(NKeyPair.IsPublicKey(pair.PublicKey, NKeyType.User));
        Assert.Throws<ArgumentOutOfRangeException>(() => NKeyPair.Create((NKeyType)1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NKeyPair.Create(NKeyType.None));
    }

    [Fact]
    public void A_disposed_pair_and_a_public_half_cannot_sign_but_verify()
    {
        var pair = NKeyPair.Create(NKeyType.User);
        var signature = pair.Sign("x"u8);
        var half = NKeyPair.FromPublicKey(pair.PublicKey);
        pair.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pair.Sign("x"u8));
        Assert.Throws<ObjectDisposedException>(() => pair.Seed);
        Assert.Throws<InvalidOperationException>(() => half.Sign("x"u8));
        Assert.Throws<InvalidOperationException>(() => half.Seed);
        Assert.False(pair.CanSign);
        Assert.True(pair.Verify("x"u8, signature));
        Assert.True(half.Verify("x"u8, signature));
        Assert.Equal(half.PublicKey, pair.ToString());
    }

    [Fact]
    public void Random_text_is_never_a_key_and_never_raises_anything_but_a_format_error()
    {
        var random = new Random(20260101);
        var text = new StringBuilder();
        for (var round = 0; round < 20_000; round++)
        {
            text.Clear();
            var length = round % 3 == 0 ? 56 : round % 3 == 1 ? 58 : random.Next(0, 80);
            for (var i = 0; i < length; i++)
            {
                text.Append(round % 5 == 0 ? (char)random.Next(0, 0x2FF) : "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[random.Next(32)]);
            }

            var candidate = text.ToString();
            Assert.False(NKeyPair.TryFromPublicKey(candidate, out _) && candidate.Length != 56);
            Assert.Throws<FormatException>(() => NKeyPair.FromSeed(candidate));
        }
    }
}
