using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bowline.Nostr.Tests.Vectors;

namespace Bowline.Nostr.Tests.Encryption;

/// <summary>The vectors that NIP-44 publishes.</summary>
public sealed class Nip44VectorTests
{
    private static readonly JsonElement All = JsonDocument.Parse(VectorFile.Read("nip44.json")).RootElement.GetProperty("v2");

    [Fact]
    public void The_vectors_are_the_ones_the_standard_names() =>
        Assert.Equal("269ed0f69e4c192512cc779e78c555090cebc7c785b609e338a62afc3ce25040", Sha256(VectorFile.Read("nip44.json")));

    [Fact]
    public void Shared_secrets_are_the_published_ones()
    {
        var vectors = All.GetProperty("valid").GetProperty("get_conversation_key");
        Assert.Equal(35, vectors.GetArrayLength());
        foreach (var vector in vectors.EnumerateArray())
        {
            using var mine = NostrKey.FromSecret(Bytes(vector, "sec1"));
            using var key = ConversationKey.Between(mine, NostrPublicKey.Parse(Text(vector, "pub2")));
            Assert.Equal(Text(vector, "conversation_key"), Convert.ToHexStringLower(key.Bytes));
        }
    }

    [Fact]
    public void Conversation_keys_and_payloads_are_the_published_ones_in_both_directions()
    {
        var vectors = All.GetProperty("valid").GetProperty("encrypt_decrypt");
        Assert.Equal(10, vectors.GetArrayLength());
        foreach (var vector in vectors.EnumerateArray())
        {
            using var one = NostrKey.FromSecret(Bytes(vector, "sec1"));
            using var two = NostrKey.FromSecret(Bytes(vector, "sec2"));
            using var ours = ConversationKey.Between(one, two.PublicKey);
            using var theirs = ConversationKey.Between(two, one.PublicKey);
            Assert.Equal(Text(vector, "conversation_key"), Convert.ToHexStringLower(ours.Bytes));
            Assert.Equal(Text(vector, "conversation_key"), Convert.ToHexStringLower(theirs.Bytes));
            Assert.Equal(Text(vector, "payload"), ours.Encrypt(Text(vector, "plaintext"), Bytes(vector, "nonce")));
            Assert.True(theirs.TryDecrypt(Text(vector, "payload"), out var text, out _));
            Assert.Equal(Text(vector, "plaintext"), text);
        }
    }

    [Fact]
    public void Keys_of_messages_are_the_published_ones()
    {
        var vectors = All.GetProperty("valid").GetProperty("get_message_keys");
        foreach (var vector in vectors.GetProperty("keys").EnumerateArray())
        {
            var keys = new MessageKeys(Bytes(vectors, "conversation_key"), Bytes(vector, "nonce"), new byte[MessageKeys.Size]);
            Assert.Equal(Text(vector, "chacha_key"), Convert.ToHexStringLower(keys.CipherKey));
            Assert.Equal(Text(vector, "chacha_nonce"), Convert.ToHexStringLower(keys.CipherNonce));
            Assert.Equal(Text(vector, "hmac_key"), Convert.ToHexStringLower(keys.MacKey));
        }
    }

    [Fact]
    public void Padded_lengths_are_the_published_ones()
    {
        foreach (var pair in All.GetProperty("valid").GetProperty("calc_padded_len").EnumerateArray())
        {
            Assert.Equal(pair[1].GetInt32(), Padding.PaddedLength(pair[0].GetInt32()));
        }
    }

    [Fact]
    public void Long_texts_have_the_published_payloads()
    {
        var vectors = All.GetProperty("valid").GetProperty("encrypt_decrypt_long_msg");
        Assert.Equal(3, vectors.GetArrayLength());
        foreach (var vector in vectors.EnumerateArray())
        {
            var text = string.Concat(Enumerable.Repeat(Text(vector, "pattern"), vector.GetProperty("repeat").GetInt32()));
            Assert.Equal(Text(vector, "plaintext_sha256"), Sha256(text));
            using var key = ConversationKey.FromBytes(Bytes(vector, "conversation_key"));
            var payload = key.Encrypt(text, Bytes(vector, "nonce"));
            Assert.Equal(Text(vector, "payload_sha256"), Sha256(payload));
            Assert.True(key.TryDecrypt(payload, out var back, out _));
            Assert.Equal(text, back);
        }
    }

    [Fact]
    public void Texts_of_forbidden_lengths_are_refused()
    {
        using var key = ConversationKey.FromBytes(new byte[32]);
        foreach (var length in All.GetProperty("invalid").GetProperty("encrypt_msg_lengths").EnumerateArray())
        {
            Assert.Throws<ArgumentException>(() => key.Encrypt(new string('x', length.GetInt32())));
        }
    }

    [Fact]
    public void Keys_that_are_none_share_no_secret()
    {
        foreach (var vector in All.GetProperty("invalid").GetProperty("get_conversation_key").EnumerateArray())
        {
            var refused = !NostrKey.TryFromSecret(Bytes(vector, "sec1"), out var mine)
                || !ConversationKey.TryBetween(mine, NostrPublicKey.Parse(Text(vector, "pub2")), out _);
            mine?.Dispose();
            Assert.True(refused, Text(vector, "note"));
        }
    }

    [Fact]
    public void Payloads_that_are_wrong_are_refused_for_the_published_reason()
    {
        foreach (var vector in All.GetProperty("invalid").GetProperty("decrypt").EnumerateArray())
        {
            using var key = ConversationKey.FromBytes(Bytes(vector, "conversation_key"));
            Assert.False(key.TryDecrypt(Text(vector, "payload"), out _, out var problem));
            var reason = Text(vector, "note");
            Assert.Contains(
                reason.StartsWith("unknown encryption version 0", StringComparison.Ordinal) ? "version 0"
                : reason.StartsWith("unknown", StringComparison.Ordinal) ? "does not know"
                : reason == "invalid base64" ? "base64"
                : reason == "invalid MAC" ? "another key"
                : reason == "invalid padding" ? "padding"
                : "characters",
                problem,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void White_space_in_a_payload_is_refused()
    {
        using var key = ConversationKey.FromBytes(new byte[32]);
        var payload = key.Encrypt("a text");
        Assert.True(key.TryDecrypt(payload, out _, out _));
        Assert.False(key.TryDecrypt(payload.Insert(40, "    "), out _, out var problem));
        Assert.Contains("base64", problem, StringComparison.Ordinal);
    }

    // Found by fuzzing: the bits after the last byte were ignored.
    [Fact]
    public void Another_spelling_of_the_same_bytes_is_refused()
    {
        using var key = ConversationKey.FromBytes(new byte[32]);
        var payload = key.Encrypt(new string('x', 33)); // 1 + 32 + 2 + 64 + 32 bytes leave two in the last group
        Assert.Equal('=', payload[^1]);
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var other = alphabet[alphabet.IndexOf(payload[^2], StringComparison.Ordinal) + 1];
        Assert.Equal(Convert.FromBase64String(payload), Convert.FromBase64String(payload[..^2] + other + "="));
        Assert.False(key.TryDecrypt(payload[..^2] + other + "=", out _, out var problem));
        Assert.Contains("base64", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_refused_before_it_is_sent()
    {
        using var key = ConversationKey.FromBytes(new byte[32]);
        Assert.ThrowsAny<ArgumentException>(() => key.Encrypt("\ud83e"));
    }

    private static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;

    private static byte[] Bytes(JsonElement vector, string name) => Convert.FromHexString(Text(vector, name));

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
