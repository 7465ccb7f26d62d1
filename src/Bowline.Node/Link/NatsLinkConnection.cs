using System.Text.Json;
using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Node.Serving;

namespace Bowline.Node.Link;

/// <summary>One NATS connection of the link.</summary>
internal sealed class NatsLinkConnection : ILinkConnection
{
    private readonly NatsConnection _connection;
    private readonly ILinkWatcher _watcher;
    private readonly string _hereSubject;
    private volatile bool _closing;
    private volatile bool _lost;

    public NatsLinkConnection(DeviceId device, NatsConnection connection, ILinkWatcher watcher)
    {
        _connection = connection;
        _watcher = watcher;
        _hereSubject = $"links.{device}.here";
        connection.ConnectionDisconnected += OnDisconnected;
        connection.ConnectionOpened += OnOpened;
        connection.ReconnectFailed += OnReconnectFailed;
    }

    /// <summary>What serves the tunnel over this connection.</summary>
    public ILinkAttachment? Attachment { get; set; }

    public async Task PingAsync(CancellationToken cancellationToken) => await _connection.PingAsync(cancellationToken);

    public Task SayHereAsync(HereReason reason, CancellationToken cancellationToken) =>
        TellAsync(new HereMessage("here", reason), cancellationToken);

    public Task SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        _closing = true; // Whatever ends the connection now, nobody is waiting for it.
        return TellAsync(new HereMessage("goodbye", null), cancellationToken);
    }

    public async Task DrainAsync(CancellationToken deadline)
    {
        if (Attachment is { } attachment)
        {
            await attachment.DetachAsync(deadline);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closing = true;
        if (Attachment is { } attachment)
        {
            await attachment.DisposeAsync();
        }

        await _connection.DisposeAsync();
    }

    private async Task TellAsync(HereMessage message, CancellationToken cancellationToken)
    {
        await _connection.PublishAsync(_hereSubject, JsonSerializer.SerializeToUtf8Bytes(message, NodeJson.Default.HereMessage), cancellationToken: cancellationToken);

        // The answer proves that the server has it, so that it is not lost in a close that follows.
        await _connection.PingAsync(cancellationToken);
    }

    private ValueTask OnDisconnected(NatsConnection sender, NatsEventArgs args)
    {
        if (!_closing)
        {
            _lost = true;
            _watcher.Lost(args.Reason?.Message ?? args.Message);
            RejectIfRefused(args.Reason);
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask OnOpened(NatsConnection sender, NatsEventArgs args)
    {
        if (!_closing && _lost)
        {
            _lost = false;
            _watcher.Regained();
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask OnReconnectFailed(NatsConnection sender, NatsEventArgs args)
    {
        if (!_closing)
        {
            RejectIfRefused(args.Reason);
        }

        return ValueTask.CompletedTask;
    }

    private void RejectIfRefused(Exception? reason)
    {
        if (NatsLinkDialer.IsRefusal(reason))
        {
            _watcher.Rejected(reason!.Message);
        }
    }
}
