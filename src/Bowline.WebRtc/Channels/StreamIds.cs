namespace Bowline.WebRtc;

/// <summary>Which streams are taken: the DTLS client opens even ones, the server odd ones (RFC 8832, section 6). Pure.</summary>
internal sealed class StreamIds(bool isClient, int streams)
{
    private readonly HashSet<int> _taken = [];
    private int _next = isClient ? 0 : 1;

    /// <summary>Takes a free stream of this side, in turn, so that one just released is used last; null when there is none.</summary>
    internal int? Allocate()
    {
        for (var tried = 0; tried < streams; tried += 2)
        {
            var id = _next;
            _next = _next + 2 < streams ? _next + 2 : isClient ? 0 : 1;
            if (id < streams && _taken.Add(id))
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>Takes a stream that both sides agreed on.</summary>
    internal bool TryReserve(int id) => id >= 0 && id < streams && _taken.Add(id);

    /// <summary>Takes a stream that the other side opens.</summary>
    internal bool TryReserveRemote(int id) => IsRemote(id) && TryReserve(id);

    /// <summary>Whether the other side may open a stream.</summary>
    internal bool IsRemote(int id) => id % 2 == (isClient ? 1 : 0);

    internal void Release(int id) => _taken.Remove(id);
}
