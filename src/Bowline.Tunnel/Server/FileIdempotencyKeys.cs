using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bowline.Tunnel;

/// <summary>
/// Keys that outlive the process: one line per key, appended before the request starts, so a key seen before a restart answers 409.
/// The file holds hashes, is rewritten at start, and loses at most a line that was half written, which then counts as not seen.
/// </summary>
public sealed class FileIdempotencyKeys : MemoryIdempotencyKeys, IDisposable
{
    private readonly FileStream _file;

    /// <summary>Opens or creates the file.</summary>
    public FileIdempotencyKeys(string path, TimeProvider timeProvider)
        : base(timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        var kept = new List<string>();
        if (File.Exists(path))
        {
            foreach (var line in File.ReadLines(path))
            {
                if (TryParse(line, out var at, out var key) && timeProvider.GetUtcNow() - at <= Memory)
                {
                    Restore(at, key);
                    kept.Add(line);
                }
            }
        }

        var fresh = path + ".new";
        File.WriteAllLines(fresh, kept);
        File.Move(fresh, path, overwrite: true);
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Keys are stored hashed: they may hold secrets of the caller.</summary>
    internal static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <inheritdoc/>
    protected override void Entered(DateTimeOffset at, string key) =>
        _file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds()} {key}\n")));

    private static bool TryParse(string line, out DateTimeOffset at, out string key)
    {
        at = default;
        key = "";
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || line.Length - space - 1 != 64 || !long.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            || ms > 253402300799999)
        {
            return false;
        }

        at = DateTimeOffset.FromUnixTimeMilliseconds(ms);
        key = line[(space + 1)..];
        return true;
    }
}
