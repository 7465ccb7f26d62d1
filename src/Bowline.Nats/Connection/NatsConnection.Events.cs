using System.Threading.Channels;

namespace Bowline.Nats;

public sealed partial class NatsConnection
{
    /// <summary>More events than this unhandled means a stuck handler; the oldest are then dropped.</summary>
    private const int EventCapacity = 256;

    private readonly Channel<(NatsEventHandler Handler, NatsEventArgs Args)> _events =
        Channel.CreateBounded<(NatsEventHandler, NatsEventArgs)>(new BoundedChannelOptions(EventCapacity) { FullMode = BoundedChannelFullMode.DropOldest });

    private Task? _eventLoop;

#pragma warning disable MA0046 // Handlers are asynchronous, as in NATS.Net.
    /// <summary>A session is open (the first, or after a loss); subscriptions are on their way to the server.</summary>
    public event NatsEventHandler? ConnectionOpened;

    /// <summary>The session was lost; another is being opened.</summary>
    public event NatsEventHandler? ConnectionDisconnected;

    /// <summary>Trying to open another session failed; it goes on.</summary>
    public event NatsEventHandler? ReconnectFailed;

    /// <summary>The server is going away and asked us to move, which is done without further ado.</summary>
    public event NatsEventHandler? LameDuckModeActivated;

    /// <summary>The server sent <c>-ERR</c>: the reason is a <see cref="NatsServerException"/>.</summary>
    public event NatsEventHandler? ServerError;
#pragma warning restore MA0046

    private void StartEvents() => _eventLoop ??= RunEventsAsync();

    private async Task StopEventsAsync()
    {
        _events.Writer.TryComplete();
        if (_eventLoop is { } loop && !_inEvent.Value)
        {
            await loop.ConfigureAwait(false);
        }
    }

    private readonly AsyncLocal<bool> _inEvent = new();

    private void RaiseEvent(NatsEventHandler? handler, NatsEventArgs args)
    {
        if (handler is not null)
        {
            _events.Writer.TryWrite((handler, args));
        }
    }

    private async Task RunEventsAsync()
    {
        _inEvent.Value = true;
        await foreach (var (handlers, args) in _events.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            foreach (var handler in Delegate.EnumerateInvocationList(handlers))
            {
                try
                {
                    await handler(this, args).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    LogHandlerFailed(e);
                }
            }
        }
    }
}
