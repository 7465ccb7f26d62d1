using Bowline.Testing.Namespaces;
using Bowline.Testing.Processes;

namespace Bowline.WebRtc.Tests.Networks;

/// <summary>coturn on a machine of the lab: STUN for everybody, TURN over UDP and TCP for one user.</summary>
internal sealed class TurnServer : IAsyncDisposable
{
    public const string User = "lab";
    public const string Password = "only-of-this-test";

    private readonly TestProcess _process;
    private readonly string _address;

    private TurnServer(TestProcess process, string address) => (_process, _address) = (process, address);

    public object Stun => new { urls = $"stun:{_address}:3478" };

    /// <summary>Whether anybody came to it by TCP.</summary>
    public bool SawTcp => _process.Output.Contains("tcp or tls connected to", StringComparison.Ordinal);

    public static async Task<TurnServer> StartAsync(NetworkNamespace machine, string address)
    {
        var process = machine.Start("turnserver",
        [
            "-n", "--listening-ip", address, "--relay-ip", address, "--listening-port", "3478", "--no-tls", "--no-dtls", "--no-cli", "--fingerprint", "--verbose",
            "--lt-cred-mech", "--realm", "lab.test", "--user", $"{User}:{Password}", "--log-file", "stdout", "--pidfile", "/dev/null", "--userdb", "/dev/null",
        ]);
        await process.WaitForLineAsync(static line => line.Contains("TCP listener opened", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        return new(process, address);
    }

    public object Turn(string transport) => Turn(_address, transport);

    public static object Turn(string host, string transport) => new { urls = $"turn:{host}:3478?transport={transport}", username = User, credential = Password };

    /// <summary>From now on it answers nothing.</summary>
    public void Freeze() => _process.Signal(Signals.Stop);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
