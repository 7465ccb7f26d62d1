using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Bowline.Nats.JetStream;

/// <summary>
/// The inbox that pulls name as reply. The channel holds what was asked for and a few statuses, so it cannot fill up
/// unless the server sends more than was asked, which ends the inbox with an error.
/// </summary>
internal sealed class PullInbox<T> : NatsSubBase
{
    private const int RoomForStatuses = 64;
    private readonly NatsJSContext _context;
    private readonly INatsDeserialize<T> _deserializer;
    private readonly Channel<PullEvent<T>> _channel;
    private long _lastActivity;

    public PullInbox(NatsJSContext context, INatsDeserialize<T> deserializer, int maxMsgs)
        : base(context.Connection.NewInbox(), null)
    {
        _context = context;
        _deserializer = deserializer;
        _channel = Channel.CreateBounded<PullEvent<T>>(new BoundedChannelOptions(maxMsgs + RoomForStatuses) { SingleReader = true });
        Touch();
    }

    public ChannelReader<PullEvent<T>> Events => _channel.Reader;

    public TimeSpan Silence => _context.Connection.Opts.TimeProvider.GetElapsedTime(Volatile.Read(ref _lastActivity));

    public void Touch() => Volatile.Write(ref _lastActivity, _context.Connection.Opts.TimeProvider.GetTimestamp());

    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        _context.Connection.ConnectionOpened += OnOpenedAsync;
        try
        {
            await _context.Connection.AddSubAsync(this, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _context.Connection.ConnectionOpened -= OnOpenedAsync;
            throw;
        }
    }

    public ValueTask CloseAsync()
    {
        _context.Connection.ConnectionOpened -= OnOpenedAsync;
        return _context.Connection.RemoveSubAsync(this);
    }

    /// <summary>Waits for the next event; false when nothing came for <paramref name="limit"/>, or the inbox has ended.</summary>
    public async ValueTask<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (limit <= TimeSpan.Zero)
        {
            return false;
        }

        using var timeout = new CancellationTokenSource(limit, _context.Connection.Opts.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await Events.WaitToReadAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    protected internal override void Receive(in NatsRawMsg msg)
    {
        Touch();
        if (msg.Headers.StartsWith("NATS/1.0 "u8) && msg.Payload.IsEmpty)
        {
            OnStatus(msg);
            return;
        }

        var message = NatsMsg<T>.Create(msg, Encoding.UTF8.GetString(msg.Subject), _deserializer, _context.Connection);
        if (NatsJSMsgMetadata.TryParse(message.ReplyTo, out var metadata))
        {
            Write(new PullEvent<T>(new NatsJSMsg<T>(message, metadata, _context), 0, "", 0, false));
        }
    }

    protected internal override void Ended(NatsException? reason) => _channel.Writer.TryComplete(reason);

    private void OnStatus(in NatsRawMsg msg)
    {
        var headers = NatsHeaders.Parse(msg.Headers);
        if (headers.Code is 0 or 100)
        {
            return;
        }

        _ = int.TryParse(headers["Nats-Pending-Messages"], NumberStyles.None, CultureInfo.InvariantCulture, out var pending);
        Write(new PullEvent<T>(default, headers.Code, headers.MessageText, pending, false));
    }

    private void Write(PullEvent<T> item)
    {
        if (!_channel.Writer.TryWrite(item))
        {
            _channel.Writer.TryComplete(new NatsJSException("The server sent more than was asked for."));
        }
    }

    private ValueTask OnOpenedAsync(NatsConnection connection, NatsEventArgs args)
    {
        Write(PullEvent<T>.ConnectionReopened);
        return default;
    }
}
