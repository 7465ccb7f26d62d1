namespace Bowline.Nats;

/// <summary>The servers that can be tried: those we were told, then those a cluster announced. Safe for concurrent use: servers announce on the read loop.</summary>
internal sealed class ServerPool
{
    private string _urls;
    private List<Uri> _configured;
    private readonly List<Uri> _discovered = [];
    private readonly Lock _gate = new();
    private int _next;

    public ServerPool(string urls)
    {
        _urls = urls;
        _configured = ParseAll(urls);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _configured.Count + _discovered.Count;
            }
        }
    }

    /// <summary>The next in turn.</summary>
    public Uri Next()
    {
        lock (_gate)
        {
            var index = _next++ % (_configured.Count + _discovered.Count);
            return index < _configured.Count ? _configured[index] : _discovered[index - _configured.Count];
        }
    }

    /// <summary>The servers we were told have other addresses now.</summary>
    public void Follow(string? urls)
    {
        if (urls is not null && urls != _urls)
        {
            _configured = ParseAll(urls);
            _urls = urls;
            _next = 0;
        }
    }

    public void Announce(Uri current, IReadOnlyList<string>? hosts)
    {
        if (current.Scheme is "ws" or "wss")
        {
            return;
        }

        lock (_gate)
        {
            _discovered.Clear();
            foreach (var host in hosts ?? [])
            {
                if (Uri.TryCreate($"{current.Scheme}://{host}", UriKind.Absolute, out var uri) && !_configured.Contains(uri))
                {
                    _discovered.Add(uri);
                }
            }
        }
    }

    private static List<Uri> ParseAll(string urls)
    {
        List<Uri> parsed = [.. urls.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
        return parsed.Count > 0 ? parsed : throw new ArgumentException("No server address.", nameof(urls));
    }

    private static Uri Parse(string url)
    {
        var uri = new Uri(url.Contains("://", StringComparison.Ordinal) ? url : $"nats://{url}");
        return uri.Scheme is "nats" or "tls" or "ws" or "wss"
            ? uri
            : throw new ArgumentException($"'{uri.Scheme}' is not a scheme of NATS.", nameof(url));
    }
}
