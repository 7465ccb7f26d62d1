using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;

namespace Bowline.Nats;

public sealed partial class NatsConnection
{
    private readonly ConcurrentDictionary<int, NatsSubBase> _subs = new();
    private readonly List<(NatsSubBase Sub, TaskCompletionSource Taken)> _unconfirmed = [];
    private int _lastSid;
    private NatsSession? _dispatching;

    /// <summary>Held while a session hands over messages.</summary>
    internal Lock DispatchGate { get; } = new();

    /// <summary>Adds a low-level subscription. When connected, it returns after the server has taken it (one round trip).</summary>
    /// <exception cref="NatsPermissionViolationException">The user may not subscribe to the subject.</exception>
    /// <exception cref="NatsSubscriptionLimitException">The user or its account has as many subscriptions as it may.</exception>
    public async ValueTask AddSubAsync(NatsSubBase sub, CancellationToken cancellationToken = default)
    {
        await AddSubAsync(sub, maxMsgs: null, confirm: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends a subscription; harmless when it has ended already.</summary>
    public ValueTask RemoveSubAsync(NatsSubBase sub)
    {
        ArgumentNullException.ThrowIfNull(sub);
        Forget(sub);
        sub.End(null);
        return default;
    }

    /// <summary>Subscribes; the messages are taken from the channel of the result.</summary>
    /// <exception cref="NatsPermissionViolationException">The user may not subscribe to the subject.</exception>
    /// <exception cref="NatsSubscriptionLimitException">The user or its account has as many subscriptions as it may.</exception>
    public async ValueTask<INatsSub<T>> SubscribeCoreAsync<T>(
        string subject,
        string? queueGroup = null,
        INatsDeserialize<T>? serializer = null,
        NatsSubOpts? opts = null,
        CancellationToken cancellationToken = default)
    {
        var sub = new NatsSub<T>(
            this, subject, queueGroup, serializer ?? Opts.SerializerRegistry.GetDeserializer<T>(), opts?.ChannelCapacity ?? Opts.SubPendingChannelCapacity);
        await AddSubAsync(sub, opts?.MaxMsgs, confirm: true, cancellationToken).ConfigureAwait(false);
        return sub;
    }

    /// <summary>Subscribes while the result is enumerated.</summary>
    public async IAsyncEnumerable<NatsMsg<T>> SubscribeAsync<T>(
        string subject,
        string? queueGroup = null,
        INatsDeserialize<T>? serializer = null,
        NatsSubOpts? opts = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var sub = await SubscribeCoreAsync(subject, queueGroup, serializer, opts, cancellationToken).ConfigureAwait(false);
        await using (sub.ConfigureAwait(false))
        {
            await foreach (var msg in sub.Msgs.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return msg;
            }
        }
    }

    /// <summary>Ends a subscription after everything the server had sent for it was received.</summary>
    /// <exception cref="NatsDisconnectedException">There is no connection, or it was lost meanwhile; the subscription has not ended then.</exception>
    public async ValueTask DrainSubAsync(NatsSubBase sub, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sub);

        // UNSUB, then a PONG behind the last message the server had sent; only then is the subscription forgotten here.
        if (_session is { } session && session.Output.TryControl(Encoding.ASCII.GetBytes($"UNSUB {sub.Sid}\r\n")))
        {
            await PingAsync(cancellationToken).ConfigureAwait(false);
        }

        _subs.TryRemove(sub.Sid, out _);
        sub.End(null);
    }

    internal void PauseReading(NatsSubBase by) => _dispatching!.Pause(by);

    internal void LogPaused(NatsSubBase sub) => LogReadingPaused(sub.Subject);

    /// <summary>Called on the read loop.</summary>
    internal void Deliver(NatsSession session, int sid, in NatsRawMsg msg)
    {
        if (!_subs.TryGetValue(sid, out var sub))
        {
            return;
        }

        if (sub.Remaining == 0)
        {
            return;
        }

        try
        {
            _dispatching = session;
            sub.Receive(msg);
        }
        catch (Exception e)
        {
            LogReceiveFailed(sub.Subject, e);
        }

        if (sub.Remaining > 0 && --sub.Remaining == 0)
        {
            _subs.TryRemove(sid, out _);
            sub.End(null);
        }
    }

    private async ValueTask AddSubAsync(NatsSubBase sub, int? maxMsgs, bool confirm, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sub);
        SubjectRules.CheckSubscribe(sub.Subject);
        SubjectRules.CheckQueueGroup(sub.QueueGroup);
        await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        TaskCompletionSource? taken = null;
        lock (_gate)
        {
            Register(sub, maxMsgs);
            if (confirm)
            {
                // Before the line is written: a refusal can be here before this thread goes on.
                taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                lock (_unconfirmed)
                {
                    _unconfirmed.Add((sub, taken));
                }
            }

            if (_session is { } session && session.Output.TryControl(SubLine(sub)))
            {
                if (taken is not null)
                {
                    session.TryPing(taken);
                }
            }
            else if (taken is not null)
            {
                // There is no connection now: it is sent with the next session, and nothing is waited for.
                taken.TrySetResult();
            }
        }

        if (taken is not null)
        {
            try
            {
                await taken.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (NatsDisconnectedException)
            {
                // It is kept, and sent again with the next session.
            }
            catch (OperationCanceledException)
            {
                await RemoveSubAsync(sub).ConfigureAwait(false);
                throw;
            }
            finally
            {
                lock (_unconfirmed)
                {
                    _unconfirmed.Remove((sub, taken));
                }
            }
        }

        if (sub.EndReason is { } refused)
        {
            throw refused;
        }
    }

    private void Register(NatsSubBase sub, int? maxMsgs)
    {
        if (sub.Sid != 0)
        {
            throw new InvalidOperationException("The subscription belongs to a connection already.");
        }

        sub.Sid = ++_lastSid;
        sub.Remaining = maxMsgs ?? -1;
        _subs[sub.Sid] = sub;
    }

    private static byte[] SubLine(NatsSubBase sub)
    {
        var line = sub.QueueGroup is null ? $"SUB {sub.Subject} {sub.Sid}\r\n" : $"SUB {sub.Subject} {sub.QueueGroup} {sub.Sid}\r\n";
        return Encoding.UTF8.GetBytes(sub.Remaining > 0 ? $"{line}UNSUB {sub.Sid} {sub.Remaining}\r\n" : line);
    }

    private void Forget(NatsSubBase sub)
    {
        lock (_gate)
        {
            if (_subs.TryRemove(sub.Sid, out _))
            {
                _session?.Output.TryControl(Encoding.ASCII.GetBytes($"UNSUB {sub.Sid}\r\n"));
            }
        }
    }

    private void EndAllSubs()
    {
        foreach (var sub in _subs.Values)
        {
            _subs.TryRemove(sub.Sid, out _);
            sub.End(null);
        }
    }
}
