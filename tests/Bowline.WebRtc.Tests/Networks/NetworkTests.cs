using System.Text.Json.Nodes;
using Bowline.Testing.Namespaces;

namespace Bowline.WebRtc.Tests.Networks;

/// <summary>Connections between machines of a lab: other addresses, translated addresses, relays, IPv6 alone, a bad link.</summary>
public sealed class NetworkTests(ITestOutputHelper output)
{
    private static readonly int[] Sizes = [0, 1, 1200, 16_384, 65_536, 262_144];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_machine_that_moves_to_another_network_goes_on_by_a_restart_of_either_side(bool isByTheMoved)
    {
        await using var lab = await NetworkLab.StartAsync();
        var (alice, router, bob) = (await lab.AddAsync(), await lab.AddAsync(), await lab.AddAsync());
        var home = await lab.ConnectAsync(alice, ["10.1.0.2/24"], router, ["10.1.0.1/24"]);
        var away = await lab.ConnectAsync(alice, [], router, ["10.2.0.1/24"]);
        await lab.ConnectAsync(bob, ["10.3.0.2/24"], router, ["10.3.0.1/24"]);
        await router.RunAsync("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        await alice.SetGatewayAsync("10.1.0.1");
        await bob.SetGatewayAsync("10.3.0.1");
        await using var peers = await LabPeers.ConnectAsync(alice, bob);
        await peers.EchoAsync(Sizes);

        await alice.RunAsync("ip", "link", "set", home.One, "down");
        await alice.SetAddressesAsync(away.One, "10.2.0.2/24");
        await alice.SetGatewayAsync("10.2.0.1");
        await peers.Alice.CommandAsync(new { @do = "send", label = "lab", text = "sent from the new network, before anybody knows" });
        var (by, other) = isByTheMoved ? (peers.Alice, peers.Bob) : (peers.Bob, peers.Alice);
        var time = await LabPeers.RestartAsync(by, other, peers.Alice);
        output.WriteLine($"restart by the {(isByTheMoved ? "moved" : "other")} side: echoed after {time.TotalMilliseconds:0} ms");
        Assert.InRange(time, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await peers.EchoAsync(Sizes);
    }

    [Fact]
    public async Task Two_machines_behind_address_translation_find_each_other_with_a_STUN_server()
    {
        await using var lab = await NetworkLab.StartAsync();
        var nets = await TranslatedNetworks.BuildAsync(lab);
        await using var server = await TurnServer.StartAsync(nets.Internet, TranslatedNetworks.ServerAddress);
        await using var peers = await LabPeers.ConnectAsync(nets.Alice, nets.Bob, [server.Stun]);
        await peers.EchoAsync(Sizes);
        var (alice, bob) = (await LabPeers.PairAsync(peers.Alice), await LabPeers.PairAsync(peers.Bob));
        output.WriteLine($"{Describe(alice)}, {Describe(bob)}");
        Assert.StartsWith(TranslatedNetworks.BobOutside, (string)alice["remote"]!, StringComparison.Ordinal);
        Assert.StartsWith(TranslatedNetworks.AliceOutside, (string)bob["remote"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task A_relay_alone_carries_it(string transport)
    {
        await using var lab = await NetworkLab.StartAsync();
        var nets = await TranslatedNetworks.BuildAsync(lab);
        await using var server = await TurnServer.StartAsync(nets.Internet, TranslatedNetworks.ServerAddress);
        await using var peers = await LabPeers.ConnectAsync(nets.Alice, nets.Bob, [server.Turn(transport)], isRelayOnly: true);
        await peers.EchoAsync(Sizes);
        foreach (var side in (JsonNode[])[await LabPeers.PairAsync(peers.Alice), await LabPeers.PairAsync(peers.Bob)])
        {
            output.WriteLine(Describe(side));
            Assert.Equal("Relayed", (string)side["localKind"]!);
            Assert.StartsWith(TranslatedNetworks.ServerAddress, (string)side["remote"]!, StringComparison.Ordinal);
        }

        Assert.Equal(transport == "tcp", server.SawTcp);
        await peers.Alice.CommandAsync(new { @do = "send", label = "lab", text = "beside the restart" });
        output.WriteLine($"restart: {(await LabPeers.RestartAsync(peers.Alice, peers.Bob, peers.Alice)).TotalMilliseconds:0} ms");
        await peers.EchoAsync(Sizes);
        string[] told = [.. peers.Alice.Told, .. peers.Bob.Told];
        Assert.Contains(told, static line => line.Contains("typ relay", StringComparison.Ordinal));
        Assert.DoesNotContain(told, static line => line.Contains("10.0.0.", StringComparison.Ordinal)); // Not even as the address behind the relay's.
    }

    [Fact]
    public async Task A_relay_with_a_name_carries_it_when_the_first_of_several_servers_is_gone()
    {
        await using var lab = await NetworkLab.StartAsync();
        var nets = await TranslatedNetworks.BuildAsync(lab);
        await using var server = await TurnServer.StartAsync(nets.Internet, TranslatedNetworks.ServerAddress);
        object[] servers = [TurnServer.Turn("192.0.2.99", "udp"), TurnServer.Turn("gone.lab.test", "udp"), TurnServer.Turn("turn.lab.test", "udp")];
        await using var peers = await LabPeers.ConnectAsync(nets.Alice, nets.Bob, servers, isRelayOnly: true, names: new() { ["turn.lab.test"] = TranslatedNetworks.ServerAddress });
        await peers.EchoAsync(Sizes);
    }

    [Fact]
    public async Task A_relay_that_does_not_answer_keeps_the_end_of_a_connection_waiting_for_a_second_at_most()
    {
        await using var lab = await NetworkLab.StartAsync();
        var nets = await TranslatedNetworks.BuildAsync(lab);
        await using var server = await TurnServer.StartAsync(nets.Internet, TranslatedNetworks.ServerAddress);
        await using var peers = await LabPeers.ConnectAsync(nets.Alice, nets.Bob, [server.Turn("udp")], isRelayOnly: true);
        await peers.EchoAsync(1);
        server.Freeze();
        await peers.Alice.CommandAsync(new { @do = "close" });
        var time = (long)(await peers.Alice.WaitAsync("over"))["ms"]!;
        output.WriteLine($"over after {time} ms");
        Assert.InRange(time, 900, 3000); // Less would mean that nothing was waited for, so that nothing was tested.
    }

    [Fact]
    public async Task IPv6_alone_carries_it()
    {
        await using var lab = await NetworkLab.StartAsync();
        var (alice, bob) = (await lab.AddAsync(), await lab.AddAsync());
        await lab.ConnectAsync(alice, ["fd00:b0::1/64"], bob, ["fd00:b0::2/64"]);
        await using var peers = await LabPeers.ConnectAsync(alice, bob);
        await peers.EchoAsync(Sizes);
        Assert.StartsWith("[fd00:b0::1]", (string)(await LabPeers.PairAsync(peers.Alice))["local"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(25, 0, 0.01, 0)]
    [InlineData(10, 20, 0.05, 0.02)]
    public async Task Loss_delay_and_reordering_change_no_byte(int delay, int jitter, double loss, double duplication)
    {
        await using var lab = await NetworkLab.StartAsync();
        var (alice, bob) = (await lab.AddAsync(), await lab.AddAsync());
        var impairment = new Impairment { Delay = TimeSpan.FromMilliseconds(delay), Jitter = TimeSpan.FromMilliseconds(jitter), Loss = loss, Duplication = duplication };
        await lab.ImpairAsync(alice, ["10.1.0.1/24"], bob, ["10.1.0.2/24"], impairment, Environment.ProcessPath!);
        await using var peers = await LabPeers.ConnectAsync(alice, bob);
        await peers.EchoAsync(Sizes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_that_is_too_narrow_for_a_packet_carries_it_in_fragments(bool isOwn)
    {
        await using var lab = await NetworkLab.StartAsync();
        var (alice, router, bob) = (await lab.AddAsync(), await lab.AddAsync(), await lab.AddAsync());
        var near = await lab.ConnectAsync(alice, ["10.1.0.2/24"], router, ["10.1.0.1/24"]);
        var far = await lab.ConnectAsync(bob, ["10.3.0.2/24"], router, ["10.3.0.1/24"]);
        await router.RunAsync("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        await alice.SetGatewayAsync("10.1.0.1");
        await bob.SetGatewayAsync("10.3.0.1");
        var (here, there) = isOwn ? (alice, near) : (bob, far);
        await here.RunAsync("ip", "link", "set", there.One, "mtu", "700");
        await router.RunAsync("ip", "link", "set", there.Other, "mtu", "700");
        await using var peers = await LabPeers.ConnectAsync(alice, bob);
        await peers.EchoAsync(Sizes);
    }

    private static string Describe(JsonNode pair) => $"{pair["localKind"]} {pair["local"]} -> {pair["remoteKind"]} {pair["remote"]}";
}
