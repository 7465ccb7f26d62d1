using System.Globalization;
using Bowline.Nostr.Tests.Vectors;

namespace Bowline.Nostr.Tests.Cryptography;

public sealed class Bip340Tests
{
    public static TheoryData<string, string, string, string, string, string, bool> Rows
    {
        get
        {
            TheoryData<string, string, string, string, string, string, bool> rows = [];
            foreach (var line in VectorFile.Read("bip340.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
            {
                var cells = line.ToLower(CultureInfo.InvariantCulture).Split(',');
                rows.Add(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6] == "true");
            }

            return rows;
        }
    }

    [Fact]
    public void All_rows_are_there() => Assert.Equal((19, 8, 10), (Rows.Count, Rows.Count(static row => row.Data.Item2.Length > 0), Rows.Count(static row => !row.Data.Item7)));

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_official_vector_holds(string index, string secret, string publicKey, string auxiliary, string message, string signature, bool valid)
    {
        Assert.NotEmpty(index);
        Assert.True(NostrSignature.TryParse(signature, out var given));
        var key = NostrPublicKey.Parse(publicKey);
        Assert.Equal(valid, Schnorr.Verify(Convert.FromHexString(publicKey), Convert.FromHexString(message), Convert.FromHexString(signature)));
        if (EventId.TryParse(message, out var id))
        {
            Assert.Equal(valid, Schnorr.Verify(key, id, given));
        }

        // What we sign is a hash, of 32 bytes; the last rows are about other lengths.
        if (secret.Length == 0 || message.Length != 2 * EventId.Size)
        {
            return;
        }

        using var pair = NostrKey.FromSecret(Convert.FromHexString(secret));
        Assert.Equal(key, pair.PublicKey);
        var made = new byte[NostrSignature.Size];
        pair.Sign(Convert.FromHexString(message), Convert.FromHexString(auxiliary), made);
        Assert.Equal(signature, Convert.ToHexStringLower(made));
    }

    [Fact]
    public void A_disposed_key_signs_no_more()
    {
        var key = NostrKey.Create();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign(1, "", null, 0));
        Assert.Throws<ObjectDisposedException>(() => key.CopySecret(new byte[32]));
    }
}
