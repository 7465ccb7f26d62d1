using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Bowline.Bench.Load.Processes;

/// <summary>
/// <c>ssh -R</c> with OpenSSH as Debian ships it, the way a person would use it: a private sshd with keys of its own on a
/// free port, and one forwarding client, default cipher.
/// </summary>
internal sealed class SshTunnel : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ChildProcess _server;
    private readonly ChildProcess _client;

    private SshTunnel(TempFolder folder, ChildProcess server, ChildProcess client, Uri url)
    {
        _folder = folder;
        _server = server;
        _client = client;
        Url = url;
    }

    /// <summary>Where the forwarded target is reached.</summary>
    public Uri Url { get; }

    public ChildProcess[] Processes => [_server, _client];

    public static async Task<SshTunnel> StartAsync(Uri target, CancellationToken cancellationToken)
    {
        var folder = new TempFolder();
        var port = FreePort();
        await KeyAsync(folder.File("host"), cancellationToken);
        await KeyAsync(folder.File("user"), cancellationToken);
        var hostKey = await File.ReadAllTextAsync(folder.File("host.pub"), cancellationToken);
        await File.WriteAllTextAsync(folder.File("known_hosts"), $"[127.0.0.1]:{port} {hostKey}", cancellationToken);
        await File.WriteAllTextAsync(folder.File("sshd_config"), $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {folder.File("host")}
            AuthorizedKeysFile {folder.File("user.pub")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            AllowTcpForwarding yes

            """, cancellationToken);
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd"); // sshd refuses to start as root without it.
        }

        var server = await ChildProcess.StartAsync("/usr/sbin/sshd", "-D", "-e", "-f", folder.File("sshd_config"));
        await server.LineAsync(l => l.Contains("Server listening", StringComparison.Ordinal) ? l : null, cancellationToken);
        var client = await ChildProcess.StartAsync(
            "ssh", "-F", "none", "-i", folder.File("user"), "-p", $"{port}", "-N", "-o", "IdentitiesOnly=yes", "-o", "ExitOnForwardFailure=yes",
            "-o", "StrictHostKeyChecking=yes", "-o", $"UserKnownHostsFile={folder.File("known_hosts")}",
            "-R", $"127.0.0.1:0:127.0.0.1:{target.Port}", $"{Environment.UserName}@127.0.0.1");
        var forwarded = await client.LineAsync(AllocatedPort, cancellationToken);
        return new SshTunnel(folder, server, client, new Uri($"http://127.0.0.1:{forwarded}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static string? AllocatedPort(string line)
        => line.StartsWith("Allocated port ", StringComparison.Ordinal) ? line.Split(' ')[2] : null;

    private static async Task KeyAsync(string file, CancellationToken cancellationToken)
    {
        await using var keygen = await ChildProcess.StartAsync("ssh-keygen", "-t", "ed25519", "-N", "", "-f", file);
        await keygen.LineAsync(l => l.Contains("public key has been saved", StringComparison.Ordinal) ? l : null, cancellationToken);
    }

    private static string FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
    }
}
