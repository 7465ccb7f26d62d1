using Microsoft.Extensions.Hosting;

namespace Bowline.Hub.Presence;

/// <summary>Bounds the event streams of one account, and ends them all when the hub stops.</summary>
internal sealed class EventStreams(IHostApplicationLifetime lifetime)
{
    /// <summary>More open tabs than a person has.</summary>
    internal const int PerAccount = 50;

    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Takes a place; null when there is none.</summary>
    public IDisposable? TryEnter(string account)
    {
        lock (_open)
        {
            var count = _open.GetValueOrDefault(account);
            if (count >= PerAccount)
            {
                return null;
            }

            _open[account] = count + 1;
        }

        return new Place(this, account);
    }

    private void Leave(string account)
    {
        lock (_open)
        {
            if (--_open[account] == 0)
            {
                _open.Remove(account);
            }
        }
    }

    private sealed class Place(EventStreams streams, string account) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                streams.Leave(account);
            }
        }
    }
}
