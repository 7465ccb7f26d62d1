namespace Bowline.Hub.Hosting;

/// <summary>
/// A token bucket per key: <paramref name="burst"/> attempts at once, then one more per <paramref name="refill"/>.
/// Holds a bounded number of keys; the one unused for longest makes room, so a flood of keys costs memory nothing.
/// </summary>
internal sealed class AttemptLimiter(int burst, TimeSpan refill, TimeProvider time, int maxKeys = 10_000)
{
    private readonly Dictionary<string, LinkedListNode<Bucket>> _buckets = new(StringComparer.Ordinal);
    private readonly LinkedList<Bucket> _byUse = new();
    private readonly Lock _gate = new();

    /// <summary>Takes one attempt.</summary>
    /// <param name="key">Whose attempt.</param>
    /// <param name="retryAfter">How long until the next one, when refused.</param>
    public bool TryTake(string key, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            var bucket = Find(key);
            var now = time.GetTimestamp();
            var gained = time.GetElapsedTime(bucket.At, now) / refill;
            bucket.Tokens = Math.Min(burst, bucket.Tokens + gained);
            bucket.At = now;
            if (bucket.Tokens >= 1)
            {
                bucket.Tokens--;
                retryAfter = TimeSpan.Zero;
                return true;
            }

            retryAfter = refill * (1 - bucket.Tokens);
            return false;
        }
    }

    private Bucket Find(string key)
    {
        if (_buckets.TryGetValue(key, out var node))
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value;
        }

        if (_buckets.Count >= maxKeys)
        {
            _buckets.Remove(_byUse.First!.Value.Key);
            _byUse.RemoveFirst();
        }

        var bucket = new Bucket(key) { Tokens = burst, At = time.GetTimestamp() };
        _buckets[key] = _byUse.AddLast(bucket);
        return bucket;
    }

    private sealed class Bucket(string key)
    {
        public string Key { get; } = key;

        public double Tokens { get; set; }

        public long At { get; set; }
    }
}
