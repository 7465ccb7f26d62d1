using Bowline.Testing.Processes;

namespace Bowline.Testing.Namespaces;

/// <summary>One machine of a <see cref="NetworkLab"/>.</summary>
public sealed class NetworkNamespace
{
    /// <summary>What its holder runs: says that the namespace is there, and ends when nobody holds its input any more.</summary>
    internal const string Holder = "echo held; exec cat";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TestProcess _holder;

    internal NetworkNamespace(TestProcess holder, bool isInUserNamespace)
    {
        _holder = holder;
        string[] user = isInUserNamespace ? ["--user", "--preserve-credentials"] : [];
        Prefix = ["nsenter", "--target", $"{holder.Id}", .. user, "--net", "--"];
    }

    /// <summary>What a command begins with to run on this machine.</summary>
    public string[] Prefix { get; }

    /// <summary>The process that holds it.</summary>
    public int ProcessId => _holder.Id;

    /// <summary>Runs a command there and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> RunAsync(params string[] command)
    {
        await using var process = Start(command[0], command[1..]);
        var code = await process.WaitForExitAsync(Limit);
        return code == 0 ? process.Data : throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with code {code}: {process.Output}");
    }

    /// <summary>Starts a process there.</summary>
    public TestProcess Start(string file, IEnumerable<string> arguments) => TestProcess.Start(Prefix[0], [.. Prefix[1..], file, .. arguments]);

    /// <summary>Gives an interface these addresses in place of what it had, and brings it up.</summary>
    /// <param name="device">The interface.</param>
    /// <param name="addresses">With prefix lengths, like 10.0.0.1/24 or fd00::1/64.</param>
    public async Task SetAddressesAsync(string device, params string[] addresses)
    {
        await RunAsync("ip", "addr", "flush", "dev", device, "scope", "global");
        foreach (var address in addresses)
        {
            string[] noDetection = address.Contains(':', StringComparison.Ordinal) ? ["nodad"] : []; // Usable at once.
            await RunAsync(["ip", "addr", "add", address, "dev", device, .. noDetection]);
        }

        await RunAsync("ip", "link", "set", device, "up");
    }

    /// <summary>Waits until an interface says that it is up, which the kernel may do a second after its cable is.</summary>
    internal async Task WaitForCarrierAsync(string device)
    {
        while (!(await RunAsync("ip", "-o", "link", "show", "dev", device)).Contains("state UP", StringComparison.Ordinal))
        {
            // Each look is a process of its own, and so a pause.
        }
    }

    /// <summary>Sends all that has no way of its own to this address.</summary>
    public Task SetGatewayAsync(string address) => RunAsync("ip", "route", "replace", "default", "via", address);

    /// <summary>Makes it a router that hides what is behind it: packets that leave by this interface bear its address (masquerade), and only answers come in by it.</summary>
    public async Task MasqueradeAsync(string device)
    {
        await RunAsync("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        await RunAsync("nft", $$"""
            table ip lab {
              chain nat { type nat hook postrouting priority 100; oifname "{{device}}" masquerade; }
              chain through { type filter hook forward priority 0; policy drop; iifname != "{{device}}" accept; ct state established,related accept; }
              chain to { type filter hook input priority 0; iifname "{{device}}" ct state new drop; }
            }
            """);
    }

    internal static Task WaitAsync(TestProcess holder) => holder.WaitForLineAsync(static line => line == "held", Limit);
}
