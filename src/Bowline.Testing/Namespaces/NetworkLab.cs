using Bowline.Testing.Processes;

namespace Bowline.Testing.Namespaces;

/// <summary>
/// Machines of a test, each a Linux network namespace. A namespace is held by a process that only reads its standard input, so all of
/// it is gone with the test, however that ends. Without root, the namespaces lie in a user namespace where the user is root.
/// </summary>
public sealed class NetworkLab : IAsyncDisposable
{
    private readonly List<TestProcess> _processes = [];
    private readonly TestProcess? _root;
    private int _links;

    private NetworkLab(TestProcess? root) => _root = root;

    /// <summary>Starts an empty one.</summary>
    public static async Task<NetworkLab> StartAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            return new(root: null);
        }

        var root = TestProcess.Start("unshare", ["--user", "--map-root-user", "--net", "sh", "-c", NetworkNamespace.Holder]);
        await NetworkNamespace.WaitAsync(root);
        return new(root);
    }

    /// <summary>Adds a machine that has nothing but loopback.</summary>
    public async Task<NetworkNamespace> AddAsync()
    {
        string[] enter = _root is null ? [] : ["nsenter", "--target", $"{_root.Id}", "--user", "--preserve-credentials"];
        string[] command = [.. enter, "unshare", "--net", "sh", "-c", NetworkNamespace.Holder];
        var holder = TestProcess.Start(command[0], command[1..]);
        _processes.Add(holder);
        await NetworkNamespace.WaitAsync(holder);
        var machine = new NetworkNamespace(holder, isInUserNamespace: _root is not null);
        await machine.RunAsync("ip", "link", "set", "lo", "up");
        return machine;
    }

    /// <summary>Lays a cable between two machines.</summary>
    /// <param name="one">One machine.</param>
    /// <param name="oneAddresses">Its addresses there, with prefix lengths; none leaves it without.</param>
    /// <param name="other">The other machine.</param>
    /// <param name="otherAddresses">Its addresses.</param>
    /// <returns>The names of the interface on both.</returns>
    public async Task<(string One, string Other)> ConnectAsync(NetworkNamespace one, string[] oneAddresses, NetworkNamespace other, string[] otherAddresses)
    {
        var names = NextNames();
        await one.RunAsync("ip", "link", "add", names.One, "type", "veth", "peer", "name", names.Other, "netns", $"{other.ProcessId}");
        await one.SetAddressesAsync(names.One, oneAddresses);
        await other.SetAddressesAsync(names.Other, otherAddresses);
        await Task.WhenAll(one.WaitForCarrierAsync(names.One), other.WaitForCarrierAsync(names.Other));
        return names;
    }

    /// <summary>Lays a link between two machines that loses, delays and reorders packets.</summary>
    /// <param name="one">One machine.</param>
    /// <param name="oneAddresses">Its addresses there, with prefix lengths.</param>
    /// <param name="other">The other machine.</param>
    /// <param name="otherAddresses">Its addresses.</param>
    /// <param name="impairment">What it does to packets, in each direction.</param>
    /// <param name="executable">An executable that runs <see cref="ImpairedLink.Run"/> when its first argument is <see cref="ImpairedLink.Argument"/>.</param>
    /// <returns>The names of the interface on both.</returns>
    public async Task<(string One, string Other)> ImpairAsync(NetworkNamespace one, string[] oneAddresses, NetworkNamespace other, string[] otherAddresses, Impairment impairment, string executable)
    {
        var names = NextNames();
        var link = one.Start(executable, [ImpairedLink.Argument, .. ImpairedLink.ToArguments(names.One, other.ProcessId, names.Other, impairment)]);
        _processes.Add(link);
        await link.WaitForLineAsync(static line => line == ImpairedLink.Ready, TimeSpan.FromSeconds(20));
        await one.SetAddressesAsync(names.One, oneAddresses);
        await other.SetAddressesAsync(names.Other, otherAddresses);
        return names;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _processes.Reverse();
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        if (_root is not null)
        {
            await _root.DisposeAsync();
        }
    }

    private (string One, string Other) NextNames()
    {
        _links++;
        return ($"lab{_links}a", $"lab{_links}b");
    }
}
