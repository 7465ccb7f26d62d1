using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;
using Bowline.Node;
using Bowline.Node.Control;

namespace Bowline.Cli.Status;

/// <summary>Asks the node and the hub; what does not answer is part of the answer.</summary>
internal sealed class StatusSource(CliContext cli, HubAddress address) : IDisposable
{
    private readonly ControlClient _node = new(cli.Node);
    private readonly HubClient _hub = new(address);

    public async Task<StatusMessage> ReadAsync(CancellationToken cancellationToken)
    {
        NodeStatus? node = null;
        try
        {
            node = await _node.StatusAsync(cancellationToken);
        }
        catch (NodeException failure) when (failure.Error == NodeError.NotRunning)
        {
            node = null;
        }

        try
        {
            var health = await _hub.HealthAsync(cancellationToken);
            var links = address.Token is null ? null : await _hub.LinksAsync(cancellationToken);
            return new StatusMessage(node, new HubStatusMessage(_hub.Origin, true, health.Status, health.Warnings, null), links);
        }
        catch (CliException failure) when (failure.ExitCode is not (ExitCode.Unreachable or ExitCode.TimedOut))
        {
            return new StatusMessage(node, new HubStatusMessage(_hub.Origin, true, null, null, $"{failure.Message} {failure.Why}"), null);
        }
        catch (CliException failure)
        {
            return new StatusMessage(node, new HubStatusMessage(_hub.Origin, false, null, null, $"{failure.Message} {failure.Why}"), null);
        }
    }

    public void Dispose()
    {
        _node.Dispose();
        _hub.Dispose();
    }
}
