namespace Bowline.Node.Endpoints;
internal sealed class NodeHandler(Func<StatusReport> report, Action shutDown)
{
    public Func<StatusReport> Report => report;
    public Action ShutDown => shutDown;
}
