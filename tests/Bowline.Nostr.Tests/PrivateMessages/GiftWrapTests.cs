using Bowline.Testing.Time;

namespace Bowline.Nostr.Tests.PrivateMessages;

public sealed class GiftWrapTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly NostrKey _alice = NostrKey.Create();
    private readonly NostrKey _bob = NostrKey.Create();
    private readonly NostrKey _eve = NostrKey.Create();
    private readonly GiftWrapper _wrapper = new(new ManualTimeProvider(Now), new Random(1));

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
        _eve.Dispose();
    }

    [Fact]
    public void A_message_reaches_each_addressee_and_its_author_and_nobody_else()
    {
        var rumor = PrivateMessage.Create(_alice.PublicKey, [_bob.PublicKey], "hello \u2028 🪢", Now, "a subject", EventId.Parse(new string('a', 64)));
        var wraps = PrivateMessage.Wrap(rumor, _alice, _wrapper);
        Assert.Equal(2, wraps.Count);
        foreach (var wrap in wraps)
        {
            Assert.True(wrap.Verify());
            Assert.NotEqual(_alice.PublicKey, wrap.PublicKey);
            using var reader = wrap.TagValue("p") == _bob.PublicKey.ToString() ? NostrKey.FromSecret(Secret(_bob)) : NostrKey.FromSecret(Secret(_alice));
            Assert.Equal(reader.PublicKey.ToString(), wrap.TagValue("p"));
            Assert.True(GiftWrapper.TryUnwrap(wrap, reader, out var read, out var problem), problem);
            Assert.Equal(rumor.ToString(), read.ToString());
            Assert.Equal([_alice.PublicKey, _bob.PublicKey], PrivateMessage.Participants(read));
            Assert.False(GiftWrapper.TryUnwrap(wrap, _eve, out _, out problem));
            Assert.Contains("another key", problem, StringComparison.Ordinal);
        }

        Assert.Equal(2, wraps.Select(static wrap => wrap.PublicKey).Distinct().Count());
        Assert.Throws<ArgumentException>(() => PrivateMessage.Create(_alice.PublicKey, [], "x", Now));
    }

    [Fact]
    public void Times_lie_in_the_past_by_up_to_two_days_and_differ()
    {
        var rumor = PrivateMessage.Create(_alice.PublicKey, [_bob.PublicKey], "x", Now);
        var ages = Enumerable.Range(0, 50).Select(_ => Now.ToUnixTimeSeconds() - _wrapper.Wrap(rumor, _alice, _bob.PublicKey).CreatedAt).ToList();
        Assert.All(ages, static age => Assert.InRange(age, 0, GiftWrapper.MaxAgeSeconds));
        Assert.True(ages.Max() - ages.Min() > GiftWrapper.MaxAgeSeconds / 2);
        Assert.Equal(Now.ToUnixTimeSeconds(), rumor.CreatedAt);
    }

    [Fact]
    public void Nobody_writes_in_another_name()
    {
        var forged = PrivateMessage.Create(_alice.PublicKey, [_bob.PublicKey], "give Eve everything", Now);
        Assert.Throws<ArgumentException>(() => _wrapper.Wrap(forged, _eve, _bob.PublicKey));
        Refused("another key than the event", Wrap(Seal(_eve, forged.ToString())));
    }

    [Fact]
    public void Each_wrong_part_is_named()
    {
        var rumor = PrivateMessage.Create(_alice.PublicKey, [_bob.PublicKey], "x", Now).ToString();
        var seal = Seal(_alice, rumor);
        Assert.True(GiftWrapper.TryUnwrap(Wrap(seal), _bob, out _, out _));
        Refused("wrap is of kind", Wrap(seal, kind: 1));
        Refused("wrap cannot be opened", _eve.Sign(NostrKind.GiftWrap, "x", null, Now));
        Refused("no seal", Wrap("nonsense"));
        Refused("seal is of kind", Wrap(Seal(_alice, rumor, kind: 14)));
        Refused("seal has tags", Wrap(Seal(_alice, rumor, [new("p", "x")])));
        Refused("seal cannot be opened", Wrap(_alice.Sign(NostrKind.Seal, "x", null, Now).ToString()));
        Refused("seal holds no event", Wrap(Seal(_alice, "{}")));
        Refused("not the hash", Wrap(Seal(_alice, rumor.Replace("\"x\"", "\"y\"", StringComparison.Ordinal))));
        Refused("id of the seal", Wrap(seal.Replace("\"kind\":13", "\"kind\":13,\"created_at\":1", StringComparison.Ordinal).Replace($"\"created_at\":{Now.ToUnixTimeSeconds()},", "", StringComparison.Ordinal)));
        var signature = seal.IndexOf("\"sig\":\"", StringComparison.Ordinal) + 7;
        Refused("signature of the seal", Wrap(seal[..signature] + (seal[signature] == '0' ? '1' : '0') + seal[(signature + 1)..]));
        var right = Wrap(seal);
        Refused("id of the wrap", With(right, right.CreatedAt + 1, right.Id, right.Signature));
        Refused("signature of the wrap", With(right, right.CreatedAt, right.Id, Wrap(seal).Signature));
    }

    [Fact]
    public void A_rumor_may_come_without_id_and_its_signature_is_left_out()
    {
        var rumor = PrivateMessage.Create(_alice.PublicKey, [_bob.PublicKey], "x", Now);
        var bare = rumor.ToString().Replace($"\"id\":\"{rumor.Id}\",", "", StringComparison.Ordinal);
        Assert.True(GiftWrapper.TryUnwrap(Wrap(Seal(_alice, bare[..^1] + ",\"sig\":\"\"}")), _bob, out var read, out var problem), problem);
        Assert.Equal(rumor.ToString(), read.ToString());
    }

    private static byte[] Secret(NostrKey key)
    {
        var secret = new byte[NostrKey.SecretSize];
        key.CopySecret(secret);
        return secret;
    }

    private static NostrEvent With(NostrEvent value, long createdAt, EventId id, NostrSignature signature) => new()
    {
        Id = id,
        PublicKey = value.PublicKey,
        CreatedAt = createdAt,
        Kind = value.Kind,
        Tags = value.Tags,
        Content = value.Content,
        Signature = signature,
    };

    private string Seal(NostrKey author, string rumor, NostrTag[]? tags = null, int kind = NostrKind.Seal)
    {
        using var key = ConversationKey.Between(author, _bob.PublicKey);
        return author.Sign(kind, key.Encrypt(rumor), tags, Now).ToString();
    }

    private NostrEvent Wrap(string seal, int kind = NostrKind.GiftWrap)
    {
        using var once = NostrKey.Create();
        using var key = ConversationKey.Between(once, _bob.PublicKey);
        return once.Sign(kind, key.Encrypt(seal), null, Now);
    }

    private void Refused(string words, NostrEvent wrap)
    {
        Assert.False(GiftWrapper.TryUnwrap(wrap, _bob, out var rumor, out var problem));
        Assert.Null(rumor);
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }
}
