using Microsoft.Extensions.Logging;

namespace Bowline.Node;

internal sealed partial class NodeService
{
    [LoggerMessage(4100, LogLevel.Information, "Node {Name} ({DeviceId}) of hub {Hub}.")]
    private partial void LogStarted(string name, string deviceId, Uri hub);

    [LoggerMessage(4101, LogLevel.Information, "The hub asked this node to shut down.")]
    private partial void LogShutdownAsked();

    [LoggerMessage(4102, LogLevel.Information, "Node stopped.")]
    private partial void LogStopped();
}
