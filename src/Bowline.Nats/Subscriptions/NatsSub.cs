using System.Text;
using System.Threading.Channels;

namespace Bowline.Nats;

/// <summary>A subscription over a bounded channel.</summary>
internal sealed class NatsSub<T> : NatsSubBase, INatsSub<T>
{
    private readonly NatsConnection _connection;
    private readonly INatsDeserialize<T> _deserializer;
    private readonly Channel<NatsMsg<T>> _channel;
    private string _lastSubject;
    private byte[] _lastSubjectBytes;
    private NatsMsg<T> _waiting;
    private bool _full;

    public NatsSub(NatsConnection connection, string subject, string? queueGroup, INatsDeserialize<T> deserializer, int capacity)
        : base(subject, queueGroup)
    {
        _connection = connection;
        _deserializer = deserializer;
        _lastSubject = subject;
        _lastSubjectBytes = Encoding.UTF8.GetBytes(subject);
        _channel = Channel.CreateBounded<NatsMsg<T>>(new BoundedChannelOptions(capacity) { SingleWriter = true, AllowSynchronousContinuations = false });
    }

    public ChannelReader<NatsMsg<T>> Msgs => _channel.Reader;

    public ValueTask UnsubscribeAsync() => _connection.RemoveSubAsync(this);

    public ValueTask DrainAsync(CancellationToken cancellationToken = default) => _connection.DrainSubAsync(this, cancellationToken);

    public ValueTask DisposeAsync() => _connection.RemoveSubAsync(this);

    protected internal override void Receive(in NatsRawMsg msg)
    {
        if (!msg.Subject.SequenceEqual(_lastSubjectBytes))
        {
            _lastSubject = Encoding.UTF8.GetString(msg.Subject);
            _lastSubjectBytes = msg.Subject.ToArray();
        }

        var message = NatsMsg<T>.Create(msg, _lastSubject, _deserializer, _connection);
        if (!_channel.Writer.TryWrite(message) && !HasEnded)
        {
            _waiting = message;
            _full = true;
            _connection.PauseReading(this);
        }
    }

    internal override async ValueTask<bool> WaitForRoomAsync()
    {
        while (_full)
        {
            if (!await _channel.Writer.WaitToWriteAsync().ConfigureAwait(false))
            {
                break;
            }

            if (_channel.Writer.TryWrite(_waiting))
            {
                _full = false;
            }
        }

        _full = false;
        _waiting = default;
        return true;
    }

    protected internal override void Ended(NatsException? reason) => _channel.Writer.TryComplete(reason);
}
