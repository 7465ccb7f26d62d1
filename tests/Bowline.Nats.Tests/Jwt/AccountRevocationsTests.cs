using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;

namespace Bowline.Nats.Tests.Jwt;

public sealed class AccountRevocationsTests : IDisposable
{
    private const string Unknown = """{"exports":[{"name":"e","subject":"time.>","type":"service"}],"default_permissions":{"pub":{},"sub":{"deny":["a.>"]}},"of_a_later_server":[1,{"x":null}]}""";
    private readonly NKeyPair _operator = NKeyPair.Create(NKeyType.Operator);
    private readonly NKeyPair _signing = NKeyPair.Create(NKeyType.Operator);
    private readonly NKeyPair _account = NKeyPair.Create(NKeyType.Account);

    [Fact]
    public void What_the_token_says_besides_is_kept_and_the_list_is_merged()
    {
        var token = Foreign(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), """{"UOLD":5,"ULATER":900,"UENDED":1,"*":7}""");
        var merged = AccountRevocations.Merge(token, new Dictionary<string, long> { ["UNEW"] = 77, ["ULATER"] = 10, ["UOLD"] = 6 }, ["UENDED"], _signing, TimeProvider.System)!;

        var claims = NatsJwt.DecodeAccount(merged);
        Assert.Equal(_signing.PublicKey, claims.Issuer);
        Assert.Equal(new Dictionary<string, long> { ["UOLD"] = 6, ["ULATER"] = 900, ["*"] = 7, ["UNEW"] = 77 }, claims.Account!.Revocations);
        var (before, after) = (Body(token), Body(merged));
        foreach (var changed in new[] { "iss", "iat", "jti" })
        {
            Assert.NotEqual(before[changed]?.ToJsonString(), after[changed]?.ToJsonString());
            before.Remove(changed);
            after.Remove(changed);
        }

        before["nats"]!.AsObject().Remove("revocations");
        after["nats"]!.AsObject().Remove("revocations");
        Assert.True(JsonNode.DeepEquals(before, after), after.ToJsonString());
    }

    [Fact]
    public void A_token_that_says_so_already_is_left_alone()
    {
        var token = Foreign(1, """{"U":5}""");
        Assert.Null(AccountRevocations.Merge(token, new Dictionary<string, long> { ["U"] = 5 }, ["UGONE"], _signing, TimeProvider.System));
        Assert.NotNull(AccountRevocations.Merge(token, new Dictionary<string, long> { ["U"] = 6 }, [], _signing, TimeProvider.System));
        Assert.NotNull(AccountRevocations.Merge(Foreign(1, "null"), new Dictionary<string, long> { ["U"] = 6 }, [], _signing, TimeProvider.System));
    }

    [Fact]
    public void The_new_token_is_newer_than_the_old_one_even_when_the_clock_is_behind()
    {
        var ahead = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        var merged = AccountRevocations.Merge(Foreign(ahead, "{}"), new Dictionary<string, long> { ["U"] = 6 }, [], _signing, TimeProvider.System)!;
        Assert.Equal(ahead + 1, NatsJwt.DecodeAccount(merged).IssuedAt!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public void A_forged_token_or_a_wrong_signer_is_refused()
    {
        var token = Foreign(1, "{}");
        var forged = token[..token.LastIndexOf('.')] + "." + Base64Url.EncodeToString(_operator.Sign("something else"u8));
        var revoked = new Dictionary<string, long> { ["U"] = 6 };
        Assert.Throws<FormatException>(() => AccountRevocations.Merge(forged, revoked, [], _signing, TimeProvider.System));
        Assert.Throws<FormatException>(() => AccountRevocations.Merge("nonsense", revoked, [], _signing, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => AccountRevocations.Merge(token, revoked, [], _account, TimeProvider.System));
    }

    public void Dispose()
    {
        _operator.Dispose();
        _signing.Dispose();
        _account.Dispose();
    }

    /// <summary>A token written by hand, as another program would.</summary>
    private string Foreign(long issuedAt, string revocations)
    {
        var data = JsonNode.Parse(Unknown)!.AsObject();
        data["type"] = "account";
        data["version"] = 2;
        data["revocations"] = JsonNode.Parse(revocations);
        var body = new JsonObject { ["jti"] = "x", ["iat"] = issuedAt, ["iss"] = _operator.PublicKey, ["sub"] = _account.PublicKey, ["name"] = "links", ["nats"] = data };
        var signed = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ed25519-nkey"}"""u8) + "." + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(body));
        return signed + "." + Base64Url.EncodeToString(_operator.Sign(System.Text.Encoding.ASCII.GetBytes(signed)));
    }

    private static JsonObject Body(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();
}
