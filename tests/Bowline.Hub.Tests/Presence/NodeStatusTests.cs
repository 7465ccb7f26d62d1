using Bowline.Hub.Presence;

namespace Bowline.Hub.Tests.Presence;

/// <summary>What a node says about itself is shown, not trusted.</summary>
public sealed class NodeStatusTests
{
    [Fact]
    public void Services_that_are_none_are_left_out()
    {
        NodeServiceInfo?[] said = [null, new(null!, "owner"), new("../../logout", null), new("$node", null), new("web", "owner")];
        var status = TunnelProber.Sane(new NodeStatus("desk", null, null, null, said!, null));
        Assert.Equal("web", Assert.Single(status!.Services!).Name);
    }

    [Fact]
    public void A_node_does_not_fill_the_page()
    {
        var said = Enumerable.Range(0, 5000).Select(i => new NodeServiceInfo($"s{i}", null)).ToArray();
        Assert.Equal(256, TunnelProber.Sane(new NodeStatus("desk", null, null, null, said, null))!.Services!.Count);
    }
}
