using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;
using Bowline.Testing.Fuzzing;

namespace Bowline.Nats.Tests.Jwt;

public sealed class NatsCredsTests
{
    [Fact]
    public void Reads_the_credentials_of_the_reference_library_and_its_own_text()
    {
        var creds = NatsCreds.Parse(ReferenceTokens.Creds);
        Assert.Equal(ReferenceTokens.User, creds.Jwt);
        Assert.StartsWith("SU", creds.Seed, StringComparison.Ordinal);
        Assert.Equal(creds, NatsCreds.Parse(creds.Format()));
        Assert.Equal(creds, NatsCreds.Parse(creds.Format().ReplaceLineEndings("\r\n")));
        Assert.DoesNotContain(creds.Seed, creds.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_blocks_foreign_seeds_and_seeds_of_other_types_are_refused()
    {
        var creds = NatsCreds.Parse(ReferenceTokens.Creds);
        using var other = NKeyPair.Create(NKeyType.User);
        using var account = NKeyPair.Create(NKeyType.Account);
        string[] bad =
        [
            "", "text", creds.Jwt, creds.Format().Replace("END NATS", "X", StringComparison.Ordinal), creds.Format().Replace("USER NKEY SEED", "SEED", StringComparison.Ordinal),
            (creds with { Seed = other.Seed }).Format(), (creds with { Seed = account.Seed }).Format(), (creds with { Jwt = "" }).Format(),
            (creds with { Jwt = ReferenceTokens.Account }).Format(), (creds with { Jwt = creds.Jwt + "\n" + creds.Jwt }).Format(),
        ];
        foreach (var text in bad)
        {
            Assert.Throws<FormatException>(() => NatsCreds.Parse(text));
        }
    }

    [Fact]
    [Trait(FuzzRun.Kind, FuzzRun.Name)]
    public void Cut_and_changed_credentials_raise_only_format_errors()
    {
        var random = FuzzRun.Random(20260103);
        var whole = ReferenceTokens.Creds;
        for (var round = 0; round < FuzzRun.Rounds(2_000); round++)
        {
            var start = random.Next(whole.Length / 2);
            var text = whole.Substring(start, random.Next(whole.Length - start));
            if (Record.Exception(() => NatsCreds.Parse(text)) is { } error)
            {
                Assert.IsType<FormatException>(error);
            }
        }
    }
}
