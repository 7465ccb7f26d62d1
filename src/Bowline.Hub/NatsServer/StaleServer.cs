using System.Globalization;

namespace Bowline.Hub.NatsServer;

/// <summary>Stops a server that an earlier hub left behind, after making sure that the process is really ours.</summary>
internal static class StaleServer
{
    /// <summary>As for our own child: after this a server left behind is killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    /// <summary>It is not our child, so its end cannot be waited for; a look costs nothing.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Stops it and waits for its end.</summary>
    /// <returns>The process id that was stopped, or null when there was nothing to stop.</returns>
    public static async Task<int?> StopAsync(NatsServerFolder folder, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.PidFile)
            || !int.TryParse((await File.ReadAllTextAsync(folder.PidFile, cancellationToken)).Trim(), CultureInfo.InvariantCulture, out var pid)
            || !IsOurs(pid, folder.Config))
        {
            return null;
        }

        UnixProcess.Signal(pid, UnixProcess.Terminate);
        var start = time.GetTimestamp();
        while (IsOurs(pid, folder.Config))
        {
            if (time.GetElapsedTime(start) > Patience)
            {
                UnixProcess.Signal(pid, UnixProcess.Kill);
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        return pid;
    }

    /// <summary>True when the process runs a nats-server with our configuration file: a recycled pid does not.</summary>
    internal static bool IsOurs(int pid, string configPath)
    {
        try
        {
            var arguments = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return arguments.Length > 0
                && Path.GetFileName(arguments[0]).Contains("nats-server", StringComparison.Ordinal)
                && arguments.Contains(configPath, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // No such process, not ours to see, or no /proc on this platform.
        }
    }
}
