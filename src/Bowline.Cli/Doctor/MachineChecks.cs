using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bowline.Cli.Infrastructure;
using Bowline.Core.Cryptography;
using Bowline.Hub;
using Bowline.Hub.NatsServer;
using Bowline.Node.Peers;

namespace Bowline.Cli.Doctor;

/// <summary>Checks of what this machine has installed.</summary>
internal static class MachineChecks
{
    public static DoctorFinding Folder(CliContext cli)
    {
        const string Next = "set BOWLINE_HOME to a folder of your own, or: chown -R $USER FOLDER";
        if (Existing(cli.Home) is not { } existing)
        {
            return new DoctorFinding("data folder", DoctorState.Failed, $"{cli.Home} cannot be a folder: a part of it is a file.", Next);
        }

        foreach (var folder in new[] { existing, cli.Node.Root, cli.HubFolder }.Where(Directory.Exists))
        {
            if (!IsWritable(folder))
            {
                return new DoctorFinding("data folder", DoctorState.Failed, $"This user cannot write to {folder}.", Next);
            }
        }

        if (existing != cli.Home)
        {
            return new DoctorFinding("data folder", DoctorState.Ok, $"{cli.Home} will be made at the first start.");
        }

        return OperatingSystem.IsWindows() ? new DoctorFinding("data folder", DoctorState.Ok, cli.Home) : Privacy(cli);
    }

    [UnsupportedOSPlatform("windows")]
    private static DoctorFinding Privacy(CliContext cli)
    {
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

    /// <summary>The folder, or the nearest above it that exists; null when a file is in the way.</summary>
    private static string? Existing(string path)
    {
        string? at = path;
        while (at is not null && !Directory.Exists(at))
        {
            if (File.Exists(at))
            {
                return null;
            }

            at = Path.GetDirectoryName(at);
        }

        return at;
    }

    private static bool IsWritable(string folder)
    {
        try
        {
            using var file = new FileStream(Path.Combine(folder, $"doctor.{Environment.ProcessId}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
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

    public static DoctorFinding DataChannels() => DirectLinks.Problem is null
        ? new DoctorFinding("data channels", DoctorState.Ok, "libnice, OpenSSL and usrsctp are here.")
        : new DoctorFinding("data channels", DoctorState.Warning, "libnice, OpenSSL or usrsctp was not found; peers talk through the hub instead of directly.", "apt-get install libnice10 libssl3 libusrsctp2");

    public static async Task<DoctorFinding> NatsServerAsync(CancellationToken cancellationToken)
    {
        const string Install = "apt-get install nats-server";
        try
        {
            var (path, version) = await NatsBinary.FindAsync("nats-server", cancellationToken);
            return new DoctorFinding("nats-server", DoctorState.Ok, $"{path}, version {version}");
        }
        catch (HubException missing) when (missing.Error == HubError.NatsServerMissing)
        {
            return new DoctorFinding("nats-server", DoctorState.Warning, "Not found; a hub on this machine needs it, unless started with --nats.", Install);
        }
        catch (HubException old)
        {
            return new DoctorFinding("nats-server", DoctorState.Failed, old.Message, Install);
        }
    }
}
