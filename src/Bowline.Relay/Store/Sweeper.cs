using Microsoft.Extensions.Logging;

namespace Bowline.Relay;

/// <summary>Removes events past their expiration (NIP-40), some at a time so that writers wait for moments only.</summary>
internal sealed class Sweeper : IAsyncDisposable
{
    /// <summary>Removed in one transaction: some milliseconds of work.</summary>
    public const int MostAtOnce = 200;

    private readonly Func<long, CancellationToken, ValueTask<int>> _remove;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Starts sweeping.</summary>
    /// <param name="remove">Removes at most <see cref="MostAtOnce"/> that have expired by the given unix second, and says how many.</param>
    /// <param name="interval">Between sweeps.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of failures.</param>
    public Sweeper(Func<long, CancellationToken, ValueTask<int>> remove, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        _remove = remove;
        _time = time;
        _logger = logger;
        _timer = new(interval, time);
        _loop = LoopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _timer.Dispose();
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            try
            {
                var now = _time.GetUtcNow().ToUnixTimeSeconds();
                while (await _remove(now, _stop.Token).ConfigureAwait(false) == MostAtOnce)
                {
                    _stop.Token.ThrowIfCancellationRequested();
                }
            }
            catch (EventStoreException e)
            {
                StoreLog.SweepFailed(_logger, e);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
