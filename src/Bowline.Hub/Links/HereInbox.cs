using System.Text;
using System.Threading.Channels;
using Bowline.Core.Identity;
using Bowline.Nats;

namespace Bowline.Hub.Links;

/// <summary>
/// What nodes say about themselves on <c>links.&lt;deviceId&gt;.here</c>. Holds the newest message of each device alone, so a node that floods its
/// subject costs one entry and never makes the connection, which all nodes share, wait.
/// </summary>
internal sealed class HereInbox() : NatsSubBase("links.*.here", queueGroup: null)
{
    /// <summary>Far above any message of this kind; a longer one is not read.</summary>
    private const int MaxMessage = 1024;

    private readonly Dictionary<DeviceId, byte[]> _newest = [];

    // One waiting signal says that there is something; what there is stands in the dictionary.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Waits for messages and takes them; false when the subscription has ended.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (!await _signal.Reader.WaitToReadAsync(cancellationToken))
        {
            return false;
        }

        _signal.Reader.TryRead(out _);
        return true;
    }

    /// <summary>Takes what came since the last time: the newest message of each device.</summary>
    public IReadOnlyList<KeyValuePair<DeviceId, byte[]>> Take()
    {
        lock (_newest)
        {
            KeyValuePair<DeviceId, byte[]>[] taken = [.. _newest];
            _newest.Clear();
            return taken;
        }
    }

    /// <inheritdoc/>
    protected override void Receive(in NatsRawMsg msg)
    {
        // The grant of each node ends at its own subject, so the subject says who speaks.
        var rest = msg.Subject["links.".Length..];
        var dot = rest.IndexOf((byte)'.');
        if (dot != DeviceId.Length || msg.Payload.Length > MaxMessage || !DeviceId.TryParse(Encoding.ASCII.GetString(rest[..dot]), out var device))
        {
            return;
        }

        lock (_newest)
        {
            _newest[device] = msg.Payload.ToArray();
        }

        _signal.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    protected override void Ended(NatsException? reason) => _signal.Writer.TryComplete(reason);
}
