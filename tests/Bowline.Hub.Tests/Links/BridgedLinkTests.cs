using Bowline.Hub.Links;

namespace Bowline.Hub.Tests.Links;

public sealed class BridgedLinkTests
{
    [Fact]
    public void Closing_all_bridges_of_a_device_gets_past_one_that_has_just_ended()
    {
        var registry = new BridgeRegistry();
        using var key = Core.Identity.DeviceKey.Create();
        var ended = new CancellationTokenSource();
        using var open = new CancellationTokenSource();
        registry.TryAdd(key.Id, ended);
        registry.TryAdd(key.Id, open);
        ended.Dispose();
        registry.CloseAll(key.Id, BridgeEnd.Revoked);
        Assert.True(open.IsCancellationRequested);
    }
}
