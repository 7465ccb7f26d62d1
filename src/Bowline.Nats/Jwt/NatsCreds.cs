using Bowline.Nats.NKeys;

namespace Bowline.Nats.Jwt;

/// <summary>A user's token and seed, as a <c>.creds</c> text holds them.</summary>
/// <param name="Jwt">The user's token.</param>
/// <param name="Seed">The user's seed (SU...), a secret.</param>
public sealed record NatsCreds(string Jwt, string Seed)
{
    private const string JwtTitle = "NATS USER JWT";
    private const string SeedTitle = "USER NKEY SEED";

    /// <summary>Reads a creds text: the first JWT block and the first seed block; everything outside the blocks is ignored.</summary>
    /// <exception cref="FormatException">A block is missing, the seed is no user seed, or the token is not for that user.</exception>
    public static NatsCreds Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var jwt = Block(text, JwtTitle);
        var seed = Block(text, SeedTitle);
        using var key = NKeyPair.FromSeed(seed, NKeyType.User);
        return NatsJwt.DecodeUser(jwt).Subject == key.PublicKey
            ? new NatsCreds(jwt, seed)
            : throw new FormatException("The seed in the credentials is not of the user that the token names.");
    }

    /// <summary>The text of a creds file. It holds the secret seed.</summary>
    public string Format() => $"""
        -----BEGIN {JwtTitle}-----
        {Jwt}
        ------END {JwtTitle}------

        The seed below proves who you are. Keep it secret.

        -----BEGIN {SeedTitle}-----
        {Seed}
        ------END {SeedTitle}------

        """.ReplaceLineEndings("\n");

    /// <summary>Says what this is without the secret.</summary>
    public override string ToString() => "NatsCreds (token and seed not shown)";

    private static string Block(string text, string title)
    {
        string? content = null;
        var inside = false;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            if (!inside)
            {
                inside = IsFence(line, "BEGIN", title);
            }
            else if (IsFence(line, "END", title))
            {
                return content ?? throw new FormatException($"The {title} block of the credentials is empty.");
            }
            else if (line.Length > 0)
            {
                content = content is null ? line.ToString() : throw new FormatException($"The {title} block of the credentials has more than one line.");
            }
        }

        throw new FormatException($"The credentials hold no complete {title} block.");
    }

    // Tools differ in the number of dashes; only the words count.
    private static bool IsFence(ReadOnlySpan<char> line, string word, string title) =>
        line.StartsWith("---") && line.EndsWith("---") && line.Trim('-').SequenceEqual($"{word} {title}");
}
