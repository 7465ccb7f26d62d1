using System.Threading.Channels;
using Bowline.Core.Health;
using Bowline.Core.Time;
using Bowline.Hub.NatsServer;
using Bowline.Nats;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Links;

/// <summary>
/// Brings the list of revoked users to NATS. One push at a time, and each reads the list when its turn has come, so an
/// older list never lands after a newer one. What fails is said and tried again until it is done.
/// </summary>
internal sealed class RevocationPush : IAsyncDisposable
{
    internal static readonly HealthCode NotPushed = new("revocation-not-pushed", "A revocation did not reach NATS", HealthSeverity.Error, TimeSpan.Zero);

    /// <summary>Soon enough for a server that restarts.</summary>
    private static readonly TimeSpan RetryMin = TimeSpan.FromSeconds(1);

    /// <summary>Often enough beside the 15 minutes that a credential lives.</summary>
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(30);

    private readonly LinkCredentialStore _credentials;
    private readonly HealthTracker _health;
    private readonly Func<RevokedUsers, CancellationToken, Task> _send;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Channel<bool> _again = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    /// <param name="credentials">The list.</param>
    /// <param name="health">Where a failure is shown until a push succeeds.</param>
    /// <param name="send">Makes the server refuse these users; throws a <see cref="NatsException"/> when it did not.</param>
    /// <param name="time">The clock of the retries.</param>
    /// <param name="logger">Where failures go.</param>
    public RevocationPush(LinkCredentialStore credentials, HealthTracker health, Func<RevokedUsers, CancellationToken, Task> send, TimeProvider time, ILogger logger)
    {
        _credentials = credentials;
        _health = health;
        _send = send;
        _time = time;
        _logger = logger;
        _loop = RetryAsync();
    }

    /// <summary>Pushes what is revoked by now. After a failure it goes on in the background.</summary>
    /// <exception cref="NatsException">The server cannot be reached or refused the list.</exception>
    public async Task PushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PushOnceAsync(cancellationToken);
        }
        catch (NatsException)
        {
            Again();
            throw;
        }
    }

    /// <summary>Asks for a push in the background: the server may have lost the list.</summary>
    public void Again() => _again.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
        _turn.Dispose();
    }

    private async Task PushOnceAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var users = _credentials.Revoked();
            await _send(users, cancellationToken);
            _credentials.Forget(users.Ended);
            _health.Clear(NotPushed);
        }
        catch (NatsException e)
        {
            _health.Raise(NotPushed, $"{e.Message} A revoked node that connects to NATS directly keeps its access until its credential ends. It is tried again.", "bowline doctor");
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task RetryAsync()
    {
        var backoff = new Backoff(RetryMin, RetryMax, new CryptoRandom());
        try
        {
            while (await _again.Reader.ReadAsync(_stopping.Token))
            {
                backoff.Reset();
                while (!await TryAsync())
                {
                    await Task.Delay(backoff.Next(), _time, _stopping.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task<bool> TryAsync()
    {
        try
        {
            await PushOnceAsync(_stopping.Token);
            return true;
        }
        catch (NatsException e)
        {
            HubLog.RevocationsNotPushed(_logger, e);
            return false;
        }
    }
}
