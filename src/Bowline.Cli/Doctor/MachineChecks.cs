using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Bowline.Cli.Infrastructure;
using Bowline.Core.Cryptography;

namespace Bowline.Cli.Doctor;

/// <summary>Checks of what this machine has installed.</summary>
internal static class MachineChecks
{
    private static readonly Version OldestNats = new(2, 9, 10);

    public static DoctorFinding Folder(CliContext cli)
    {
        if (!Directory.Exists(cli.Home))
        {
            return new DoctorFinding("data folder", DoctorState.Ok, $"{cli.Home} will be made at the first start.");
        }

        if (OperatingSystem.IsWindows())
        {
            return new DoctorFinding("data folder", DoctorState.Ok, cli.Home);
        }

        foreach (var folder in new[] { cli.Node.Root, cli.HubFolder }.Where(Directory.Exists))
        {
            var others = File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.OtherRead);
            if (others != UnixFileMode.None)
            {
                return new DoctorFinding("data folder", DoctorState.Failed, $"Others may look into {folder}.", $"chmod 700 {folder}");
            }
        }

        return new DoctorFinding("data folder", DoctorState.Ok, cli.Home);
    }

    public static DoctorFinding OpenSsl()
    {
        try
        {
            var seed = Ed25519.NewSeed();
            var good = Ed25519.Verify(Ed25519.GetPublicKey(seed), "doctor"u8, Ed25519.Sign(seed, "doctor"u8));
            return good
                ? new DoctorFinding("openssl", DoctorState.Ok, "Ed25519 signs and verifies.")
                : new DoctorFinding("openssl", DoctorState.Failed, "Ed25519 gives wrong answers.", "apt-get install --reinstall libssl3");
        }
        catch (DllNotFoundException missing)
        {
            return new DoctorFinding("openssl", DoctorState.Failed, missing.Message, "apt-get install libssl3");
        }
    }

    public static DoctorFinding Sqlite()
    {
        string[] names = OperatingSystem.IsWindows() ? ["winsqlite3"] : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"] : ["libsqlite3.so.0"];
        return names.Any(name => NativeLibrary.TryLoad(name, out _))
            ? new DoctorFinding("sqlite", DoctorState.Ok, names[0])
            : new DoctorFinding("sqlite", DoctorState.Warning, $"{names[0]} was not found; a hub on this machine needs it.", "apt-get install libsqlite3-0");
    }

    public static async Task<DoctorFinding> NatsServerAsync(CancellationToken cancellationToken)
    {
        const string Install = "apt-get install nats-server";
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nats-server", "--version") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var text = (await process.StandardOutput.ReadToEndAsync(cancellationToken)).Trim();
            var found = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.TrimStart('v');
            return Version.TryParse(found?.Split('-')[0], out var version) && version >= OldestNats
                ? new DoctorFinding("nats-server", DoctorState.Ok, text)
                : new DoctorFinding("nats-server", DoctorState.Failed, $"{text} is older than {OldestNats}.", Install);
        }
        catch (Win32Exception)
        {
            return new DoctorFinding("nats-server", DoctorState.Warning, "Not found in PATH; a hub on this machine needs it, unless started with --nats.", Install);
        }
    }
}
