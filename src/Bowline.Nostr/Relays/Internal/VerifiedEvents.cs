namespace Bowline.Nostr;

/// <summary>
/// Verifies events, and remembers which were right. Only the id and the signature are kept: a copy is right when its id is its own hash
/// and its signature is the one that was checked, so a forged copy of a known event gains nothing. Thread-safe.
/// </summary>
internal sealed class VerifiedEvents(int capacity)
{
    private readonly Lock _gate = new();
    private Dictionary<EventId, NostrSignature> _young = [];
    private Dictionary<EventId, NostrSignature> _old = [];
    private long _checked;

    /// <summary>How many signatures were checked.</summary>
    public long Checked => Interlocked.Read(ref _checked);

    /// <summary>For each event whether it is right.</summary>
    public bool[] Verify(IReadOnlyList<NostrEvent> events, int maxThreads, CancellationToken cancellationToken)
    {
        var right = new bool[events.Count];
        List<NostrEvent> unknown = [];
        List<int> places = [];
        for (var i = 0; i < right.Length; i++)
        {
            if (IsKnown(events[i]))
            {
                right[i] = events[i].HasValidId();
            }
            else
            {
                unknown.Add(events[i]);
                places.Add(i);
            }
        }

        var verdicts = EventVerifier.Verify(unknown, maxThreads, cancellationToken);
        Interlocked.Add(ref _checked, unknown.Count);
        for (var i = 0; i < verdicts.Length; i++)
        {
            right[places[i]] = verdicts[i];
            if (verdicts[i])
            {
                Remember(unknown[i]);
            }
        }

        return right;
    }

    private bool IsKnown(NostrEvent value)
    {
        lock (_gate)
        {
            return (_young.TryGetValue(value.Id, out var signature) || _old.TryGetValue(value.Id, out signature)) && signature == value.Signature;
        }
    }

    private void Remember(NostrEvent value)
    {
        lock (_gate)
        {
            // Two halves: the older one is forgotten whole, so that keeping the order costs nothing.
            if (_young.Count >= capacity / 2)
            {
                (_old, _young) = (_young, []);
            }

            _young[value.Id] = value.Signature;
        }
    }
}
