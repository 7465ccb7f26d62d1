using System.Buffers.Text;
using System.Text;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;
using Bowline.Testing.Fuzzing;

namespace Bowline.Nats.Tests.Jwt;

public sealed class NatsJwtTests : IDisposable
{
    private readonly NKeyPair _operator = NKeyPair.Create(NKeyType.Operator);
    private readonly NKeyPair _account = NKeyPair.Create(NKeyType.Account);
    private readonly NKeyPair _signing = NKeyPair.Create(NKeyType.Account);
    private readonly NKeyPair _user = NKeyPair.Create(NKeyType.User);

    public void Dispose()
    {
        _operator.Dispose();
        _account.Dispose();
        _signing.Dispose();
        _user.Dispose();
    }

    [Fact]
    public void Reads_the_tokens_of_the_reference_library()
    {
        Assert.Equal("o", NatsJwt.DecodeOperator(ReferenceTokens.Operator).Name);
        var account = NatsJwt.DecodeAccount(ReferenceTokens.Account).Account!;
        Assert.Equal(-1, account.Limits!.DiskStorage);
        Assert.Null(account.SigningKeys![0].Template);
        Assert.Equal(["x.{{name()}}"], account.SigningKeys[1].Template!.Publish!.Allow!);
        var user = NatsJwt.DecodeUser(ReferenceTokens.User);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(2_000_000_000), user.Expires);
        Assert.Equal(["a.>"], user.User!.Publish!.Allow!);
        Assert.Equal(["a.b"], user.User.Publish.Deny!);
        Assert.Equal(10, user.User.Subscriptions);
        Assert.Equal(1024, user.User.Payload);
        Assert.True(user.User.BearerToken);
        Assert.Equal([NatsConnectionType.Standard], user.User.AllowedConnectionTypes!);
        Assert.Equal(NatsJwt.DecodeAccount(ReferenceTokens.Account).Subject, user.User.IssuerAccount);
        Assert.Equal(account.SigningKeys[0].Key, user.Issuer);
    }

    [Fact]
    public void A_user_token_comes_back_as_it_was_made()
    {
        var expires = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);
        var token = NatsJwt.Encode(
            new UserClaims
            {
                Subject = _user.PublicKey,
                Name = "desk",
                Expires = expires,
                User = new UserData
                {
                    Publish = new SubjectPermission { Allow = ["a.>", "b.*"], Deny = ["a.secret"] },
                    Subscribe = new SubjectPermission { Allow = ["_INBOX.x.>"] },
                    Payload = 65536,
                    BearerToken = true,
                    AllowedConnectionTypes = [NatsConnectionType.Standard],
                    IssuerAccount = _account.PublicKey,
                },
            },
            _signing,
            TimeProvider.System);
        Assert.DoesNotContain("\\u003E", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[1])), StringComparison.Ordinal);
        var claims = NatsJwt.DecodeUser(token);
        Assert.Equal(_user.PublicKey, claims.Subject);
        Assert.Equal(_signing.PublicKey, claims.Issuer);
        Assert.Equal("desk", claims.Name);
        Assert.NotEmpty(claims.Id!);
        Assert.NotNull(claims.IssuedAt);
        Assert.True(claims.IsValidAt(expires.AddSeconds(-1)));
        Assert.False(claims.IsValidAt(expires));
        Assert.Equal(["a.>", "b.*"], claims.User!.Publish!.Allow!);
        Assert.Equal(["a.secret"], claims.User.Publish.Deny!);
        Assert.Equal(["_INBOX.x.>"], claims.User.Subscribe!.Allow!);
        Assert.Equal((-1L, -1L, 65536L), (claims.User.Subscriptions!.Value, claims.User.Data!.Value, claims.User.Payload!.Value));
        Assert.True(claims.User.BearerToken);
        Assert.Equal(_account.PublicKey, claims.User.IssuerAccount);
    }

    [Fact]
    public void An_account_token_carries_limits_signing_keys_and_revocations()
    {
        using var scoped = NKeyPair.Create(NKeyType.Account);
        var token = NatsJwt.Encode(
            new AccountClaims
            {
                Subject = _account.PublicKey,
                Account = new AccountData
                {
                    Limits = new AccountLimits { Connections = 7, DiskStorage = 1024 },
                    SigningKeys =
                    [
                        new AccountSigningKey(_signing.PublicKey),
                        new AccountSigningKey(scoped.PublicKey) { Role = "node", Template = new UserPermissionLimits { Publish = new SubjectPermission { Allow = ["ok.{{name()}}.>"] } } },
                    ],
                    Revocations = new Dictionary<string, long> { [_user.PublicKey] = 1_700_000_000 },
                },
            },
            _operator,
            TimeProvider.System);
        var account = NatsJwt.DecodeAccount(token).Account!;
        Assert.Equal((7L, -1L, -1L, 1024L, 0L), (account.Limits!.Connections!.Value, account.Limits.Subscriptions!.Value, account.Limits.Streams!.Value, account.Limits.DiskStorage!.Value, account.Limits.MemoryStorage!.Value));
        Assert.Equal(_signing.PublicKey, account.SigningKeys![0].Key);
        Assert.Equal("node", account.SigningKeys[1].Role);
        Assert.Equal(-1, account.SigningKeys[1].Template!.Subscriptions);
        Assert.Equal(1_700_000_000, account.Revocations![_user.PublicKey]);
    }

    [Fact]
    public void A_scoped_user_carries_nothing_of_its_own()
    {
        var scoped = new UserClaims { Subject = _user.PublicKey, User = new UserData { Scoped = true, IssuerAccount = _account.PublicKey } };
        var user = NatsJwt.DecodeUser(NatsJwt.Encode(scoped, _signing, TimeProvider.System)).User!;
        Assert.Null(user.Subscriptions);
        Assert.Null(user.Payload);
        Assert.Null(user.BearerToken);
        var wrong = scoped with { User = scoped.User! with { BearerToken = true } };
        Assert.Throws<ArgumentException>(() => NatsJwt.Encode(wrong, _signing, TimeProvider.System));
    }

    [Fact]
    public void Keys_of_the_wrong_type_are_refused()
    {
        Assert.Throws<ArgumentException>(() => NatsJwt.Encode(new UserClaims { Subject = _user.PublicKey }, _operator, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => NatsJwt.Encode(new UserClaims { Subject = _account.PublicKey }, _account, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => NatsJwt.Encode(new AccountClaims { Subject = _account.PublicKey }, _account, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => NatsJwt.Encode(new OperatorClaims { Subject = _user.PublicKey }, _operator, TimeProvider.System));
        var badIssuer = new UserClaims { Subject = _user.PublicKey, User = new UserData { IssuerAccount = _user.PublicKey } };
        Assert.Throws<ArgumentException>(() => NatsJwt.Encode(badIssuer, _signing, TimeProvider.System));
        Assert.Throws<FormatException>(() => NatsJwt.DecodeUser(ReferenceTokens.Account));
        Assert.Throws<FormatException>(() => NatsJwt.DecodeAccount(ReferenceTokens.User));
        Assert.Throws<FormatException>(() => NatsJwt.DecodeOperator(ReferenceTokens.User));
    }

    [Fact]
    public void A_token_whose_claims_were_changed_or_whose_issuer_was_swapped_is_refused()
    {
        var token = NatsJwt.Encode(new UserClaims { Subject = _user.PublicKey }, _account, TimeProvider.System);
        Assert.True(NatsJwt.Verify(token));
        var parts = token.Split('.');
        var json = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        foreach (var changed in new[] { json.Replace("-1", "-2", StringComparison.Ordinal), json.Replace(_account.PublicKey, _signing.PublicKey, StringComparison.Ordinal) })
        {
            var forged = $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(changed))}.{parts[2]}";
            Assert.False(NatsJwt.Verify(forged));
            Assert.Throws<FormatException>(() => NatsJwt.DecodeUser(forged));
        }

        var none = Base64Url.EncodeToString("""{"typ":"JWT","alg":"none"}"""u8);
        Assert.Throws<FormatException>(() => NatsJwt.DecodeUser($"{none}.{parts[1]}.{parts[2]}"));
    }

    [Fact]
    [Trait(FuzzRun.Kind, FuzzRun.Name)]
    public void Mutilated_tokens_raise_only_format_errors()
    {
        var random = FuzzRun.Random(20260102);
        var token = NatsJwt.Encode(new UserClaims { Subject = _user.PublicKey }, _account, TimeProvider.System);
        for (var round = 0; round < FuzzRun.Rounds(3_000); round++)
        {
            var chars = token.ToCharArray();
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                chars[random.Next(chars.Length)] = (char)random.Next(32, 127);
            }

            var text = new string(chars, 0, round % 2 == 0 ? chars.Length : random.Next(chars.Length));
            if (text != token)
            {
                Assert.Throws<FormatException>(() => NatsJwt.DecodeUser(text));
            }
        }
    }

    [Fact]
    public void Signed_nonsense_raises_only_format_errors()
    {
        string[] bodies =
        [
            "null", "[]", "{}", "1", "{\"sub\":1}", "{\"sub\":\"x\",\"nats\":[]}", "{\"sub\":\"x\",\"exp\":-5,\"nats\":{\"type\":\"user\",\"version\":2}}",
            "{\"sub\":\"x\",\"exp\":99999999999999,\"nats\":{}}", "{\"sub\":\"x\",\"nats\":{\"type\":\"user\",\"version\":1}}", "{\"sub\":\"x\",\"nats\":{\"signing_keys\":[{\"kind\":\"x\"}]}}",
        ];
        var header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ed25519-nkey"}"""u8);
        foreach (var body in bodies.Select(b => b.Replace("\"sub\":\"x\"", $"\"sub\":\"{_user.PublicKey}\",\"iss\":\"{_account.PublicKey}\"", StringComparison.Ordinal)))
        {
            var signed = header + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(body));
            var token = signed + "." + Base64Url.EncodeToString(_account.Sign(Encoding.ASCII.GetBytes(signed)));
            Assert.Throws<FormatException>(() => NatsJwt.DecodeUser(token));
            Assert.Throws<FormatException>(() => NatsJwt.DecodeAccount(token));
        }
    }
}
