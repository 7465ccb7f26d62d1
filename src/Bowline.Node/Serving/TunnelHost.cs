using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Node.Endpoints;
using Bowline.Node.Services;
using Microsoft.Extensions.Logging;
namespace Bowline.Node.Serving;
internal sealed class TunnelHost(DeviceId device, TimeProvider time, ILoggerFactory loggers) : ILinkServer, IServiceHost, IAsyncDisposable
{
    public DeviceId Device => device;
    public TimeProvider Time => time;
    public ILoggerFactory Loggers => loggers;
    public void Map(ServiceRecord service, Action<ExchangeRecord> inspect) { }
    public void Unmap(string name) { }
    public void MapNode(NodeHandler h) { }
    public Task StartDemoAsync(CancellationToken t) => Task.CompletedTask;
    public Task<ILinkAttachment> AttachAsync(NatsConnection connection, CancellationToken cancellationToken) => Task.FromResult<ILinkAttachment>(new None());
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    private sealed class None : ILinkAttachment
    {
        public Task DetachAsync(CancellationToken deadline) => Task.CompletedTask;
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
