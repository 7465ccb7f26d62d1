using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Bowline.Tunnel;

namespace Bowline.Testing.Tunnel;

/// <summary>One connection to a <see cref="TunnelBus"/>, for clients and servers alike.</summary>
public sealed class InMemoryCarrier : ITunnelClientCarrier, IAsyncDisposable
{
    private readonly TunnelBus _bus;
    private readonly ConcurrentDictionary<string, (string? Group, ITunnelSink Sink)> _subs = new(StringComparer.Ordinal);
    private readonly Channel<Delivery> _inbox = Channel.CreateUnbounded<Delivery>(new() { SingleReader = true });
    private readonly Task _loop;
    private readonly Lock _room = new();
    private TaskCompletionSource _writable = Done();
    private TaskCompletionSource _thawed = Done();
    private TaskCompletionSource _sent = Done();
    private Queue<BusMessage>? _held;
    private volatile bool _connected = true;
    private int _budget = int.MaxValue;

    internal InMemoryCarrier(TunnelBus bus, string clientId)
    {
        _bus = bus;
        ClientId = clientId;
        _loop = RunAsync();
    }

    private sealed record Delivery(BusMessage? Message, ITunnelSink? Sink, TaskCompletionSource? Flushed);

    /// <inheritdoc/>
    public string ClientId { get; }

    /// <inheritdoc/>
    public int MaxFrame { get; init; } = 1024 * 1024;

    /// <inheritdoc/>
    public bool IsConnected => _connected;

    /// <summary>Messages accepted before the buffer counts as full; call <see cref="Drain"/> to make room again.</summary>
    public int SendBudget
    {
        get
        {
            lock (_room)
            {
                return _budget;
            }
        }

        set
        {
            lock (_room)
            {
                _budget = value;
            }
        }
    }

    /// <inheritdoc/>
    public bool TryPublish(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!TakeRoom())
        {
            return false;
        }

        var message = new BusMessage(Encoding.ASCII.GetString(subject), Encoding.ASCII.GetString(replyTo), [.. first, .. second]);
        lock (_subs)
        {
            if (_held is { } held)
            {
                held.Enqueue(message);
                return true;
            }
        }

        _bus.Publish(this, message);
        return true;
    }

    /// <summary>Keeps what is published from now on in the outgoing buffer, as a slow network does; a flush waits for it.</summary>
    public void HoldOutgoing()
    {
        lock (_subs)
        {
            _held ??= new();
            _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Sends what was kept, in order.</summary>
    public void ReleaseOutgoing()
    {
        lock (_subs)
        {
            while (_held?.TryDequeue(out var message) == true)
            {
                _bus.Publish(this, message);
            }

            _held = null;
            _sent.TrySetResult();
        }
    }

    /// <summary>Makes room for so many messages.</summary>
    public void Drain(int messages = int.MaxValue)
    {
        lock (_room)
        {
            _budget = messages;
            _writable.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public ValueTask WaitWritableAsync(CancellationToken cancellationToken)
    {
        lock (_room)
        {
            return new(_writable.Task.WaitAsync(cancellationToken));
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _sent.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = _inbox.Writer.TryWrite(new(null, null, flushed));
        await flushed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask SubscribeAsync(string subject, string? queueGroup, ITunnelSink sink, CancellationToken cancellationToken)
    {
        _subs[subject] = (queueGroup, sink);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask UnsubscribeAsync(string subject, CancellationToken cancellationToken)
    {
        _ = _subs.TryRemove(subject, out _);
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask DrainAsync(string subject, CancellationToken cancellationToken)
    {
        // A message that waits in the inbox has its sink already.
        await UnsubscribeAsync(subject, cancellationToken).ConfigureAwait(false);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops reading: what arrives waits, as in a stopped process.</summary>
    public void Freeze() => _thawed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Reads on.</summary>
    public void Thaw() => _thawed.TrySetResult();

    /// <summary>Loses the connection; what is published meanwhile by others is lost to us.</summary>
    public void Disconnect()
    {
        lock (_room)
        {
            _connected = false;
        }

        foreach (var (_, (_, sink)) in _subs)
        {
            sink.OnDisconnected();
        }
    }

    /// <summary>Has the connection again.</summary>
    public void Reconnect()
    {
        lock (_room)
        {
            _connected = true;
            _writable.TrySetResult();
        }

        foreach (var (_, (_, sink)) in _subs)
        {
            sink.OnReconnected();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Thaw();
        _inbox.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    internal bool Offer(BusMessage message, HashSet<string> groups)
    {
        var taken = false;
        if (!_connected)
        {
            return false;
        }

        foreach (var (subject, (group, sink)) in _subs)
        {
            if (!Matches(subject, message.Subject))
            {
                continue;
            }

            taken = true;
            if (group is null || groups.Add(group + "\n" + subject))
            {
                _ = _inbox.Writer.TryWrite(new(message, sink, null));
            }
        }

        return taken;
    }

    /// <summary>One lock with those who make room: whoever is refused finds the signal of the next time there is some.</summary>
    private bool TakeRoom()
    {
        lock (_room)
        {
            if (_connected && _budget > 0)
            {
                _budget -= _budget == int.MaxValue ? 0 : 1;
                return true;
            }

            if (_writable.Task.IsCompleted)
            {
                _writable = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return false;
        }
    }

    private static bool Matches(string pattern, string subject)
    {
        var wanted = pattern.Split('.');
        var given = subject.Split('.');
        return wanted.Length == given.Length && wanted.Zip(given).All(static pair => pair.First == "*" || pair.First == pair.Second);
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        done.SetResult();
        return done;
    }

    private async Task RunAsync()
    {
        await foreach (var (message, sink, flushed) in _inbox.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await _thawed.Task.ConfigureAwait(false);
            flushed?.TrySetResult();
            if (message is not null)
            {
                sink!.OnMessage(Encoding.ASCII.GetBytes(message.Subject), Encoding.ASCII.GetBytes(message.ReplyTo), message.Payload, message.NoResponders);
            }
        }
    }
}
