namespace Bowline.Testing.NatsServers;

/// <summary>Finds the nats-server that tests run.</summary>
internal static class NatsServerBinary
{
    public const string Variable = "BOWLINE_NATS_SERVER";

    public static string Find(string? configured, string? path)
    {
        if (!string.IsNullOrEmpty(configured))
        {
            return File.Exists(configured)
                ? configured
                : throw new FileNotFoundException($"{Variable} names {configured}, which does not exist.", configured);
        }

        // Debian installs it in /usr/sbin, which is not on everybody's PATH.
        var folders = (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append("/usr/sbin").Append("/usr/local/bin");
        return folders.Select(f => Path.Combine(f, "nats-server")).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"nats-server was not found on PATH. Install it (Debian: apt-get install nats-server) or name it in {Variable}.", "nats-server");
    }
}
