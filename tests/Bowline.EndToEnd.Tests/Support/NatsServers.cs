using System.Globalization;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>The nats-server processes of this machine, told apart by their configuration file.</summary>
internal static class NatsServers
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>The ids of those whose configuration lies below the folder.</summary>
    public static IReadOnlyList<int> Below(string folder) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Where(id => IsBelow(id, folder))];

    /// <summary>Waits until there is none left.</summary>
    public static async Task NoneBelowAsync(string folder, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Poll);
        var end = TimeProvider.System.GetTimestamp();
        while (Below(folder) is { Count: > 0 } left)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(end) < limit, $"nats-server {left[0]} still runs after {limit}.");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static bool IsBelow(int id, string folder)
    {
        try
        {
            var command = File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
            return Path.GetFileName(command[0]) == "nats-server" && command.Any(part => part.StartsWith(folder, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It ended while we looked.
        }
    }
}
