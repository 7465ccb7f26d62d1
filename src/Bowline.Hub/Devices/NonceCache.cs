namespace Bowline.Hub.Devices;

/// <summary>
/// Remembers used nonces until their tokens have expired. Bounded per device and in total; a full cache refuses, because
/// forgetting would accept a replay.
/// </summary>
internal sealed class NonceCache(TimeProvider time, int perDevice = 600, int total = 200_000)
{
    private readonly Dictionary<string, Dictionary<string, DateTimeOffset>> _used = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _count;
    private DateTimeOffset _swept;

    /// <summary>Marks a nonce used.</summary>
    public NonceVerdict Use(string device, string nonce, DateTimeOffset until)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now - _swept >= TimeSpan.FromSeconds(10))
            {
                Sweep(now);
            }

            if (!_used.TryGetValue(device, out var nonces))
            {
                _used[device] = nonces = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            }

            if (nonces.ContainsKey(nonce))
            {
                return NonceVerdict.Replayed;
            }

            if (nonces.Count >= perDevice || _count >= total)
            {
                return NonceVerdict.Full;
            }

            nonces[nonce] = until;
            _count++;
            return NonceVerdict.Fresh;
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        _swept = now;
        foreach (var (device, nonces) in _used.ToArray())
        {
            foreach (var (nonce, until) in nonces.ToArray())
            {
                if (until < now && nonces.Remove(nonce))
                {
                    _count--;
                }
            }

            if (nonces.Count == 0)
            {
                _used.Remove(device);
            }
        }
    }
}
