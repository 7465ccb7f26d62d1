using Bowline.Testing.Namespaces;

namespace Bowline.WebRtc.Tests.Networks;

/// <summary>Two homes with the same private addresses, each behind a router that hides it, and the internet between them.</summary>
internal sealed record TranslatedNetworks(NetworkNamespace Alice, NetworkNamespace Bob, NetworkNamespace Internet)
{
    public const string ServerAddress = "192.0.2.1";
    public const string AliceOutside = "198.51.100.2";
    public const string BobOutside = "203.0.113.2";

    public static async Task<TranslatedNetworks> BuildAsync(NetworkLab lab)
    {
        var internet = await lab.AddAsync();
        await internet.RunAsync("ip", "addr", "add", $"{ServerAddress}/32", "dev", "lo");
        await internet.RunAsync("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        return new(await AddHomeAsync(lab, internet, AliceOutside, "198.51.100.1"), await AddHomeAsync(lab, internet, BobOutside, "203.0.113.1"), internet);
    }

    private static async Task<NetworkNamespace> AddHomeAsync(NetworkLab lab, NetworkNamespace internet, string outside, string gateway)
    {
        var (machine, router) = (await lab.AddAsync(), await lab.AddAsync());
        await lab.ConnectAsync(machine, ["10.0.0.2/24"], router, ["10.0.0.1/24"]);
        var cable = await lab.ConnectAsync(router, [$"{outside}/24"], internet, [$"{gateway}/24"]);
        await machine.SetGatewayAsync("10.0.0.1");
        await router.SetGatewayAsync(gateway);
        await router.MasqueradeAsync(cable.One);
        return machine;
    }
}
