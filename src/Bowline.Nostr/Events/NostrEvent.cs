namespace Bowline.Nostr;

/// <summary>A signed event (NIP-01). Nothing says that id and signature are right until <see cref="Verify"/> does.</summary>
public sealed class NostrEvent
{
    /// <summary>SHA-256 of the canonical serialisation.</summary>
    public required EventId Id { get; init; }

    /// <summary>The author.</summary>
    public required NostrPublicKey PublicKey { get; init; }

    /// <summary>Unix seconds, as the author says.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>0 to 65535.</summary>
    public required int Kind { get; init; }

    /// <summary>Tags, in the author's order.</summary>
    public required IReadOnlyList<NostrTag> Tags { get; init; }

    /// <summary>Text, whatever the kind makes of it.</summary>
    public required string Content { get; init; }

    /// <summary>BIP-340 signature of the id by <see cref="PublicKey"/>.</summary>
    public required NostrSignature Signature { get; init; }

    /// <summary>How a relay keeps it.</summary>
    public KindClass Class => NostrKind.ClassOf(Kind);

    /// <summary>The first value of the first tag with this name, or null.</summary>
    public string? TagValue(string name)
    {
        for (var i = 0; i < Tags.Count; i++)
        {
            if (Tags[i].Name == name)
            {
                return Tags[i].Value;
            }
        }

        return null;
    }

    /// <summary>True when the id is the hash of the content and the signature is the author's.</summary>
    public bool Verify() => HasValidId() && HasValidSignature();

    /// <summary>True when the id is the hash of the canonical serialisation.</summary>
    public bool HasValidId() => EventHash.Compute(PublicKey, CreatedAt, Kind, Tags, Content) == Id;

    /// <summary>True when the signature is the author's over the id.</summary>
    public bool HasValidSignature() => Schnorr.Verify(PublicKey, Id, Signature);

    /// <summary>The event as one JSON object, with the canonical escapes.</summary>
    public override string ToString() => EventWriter.ToJson(this);
}
