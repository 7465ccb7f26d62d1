using System.Diagnostics.CodeAnalysis;

namespace Bowline.Core.Files;

/// <summary>Files that hold secrets: mode 0600, replaced atomically, refused when others may read them.</summary>
public static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>Writes the file next to its place and renames it there, so a reader sees the old or the new content, never half.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var full = Path.GetFullPath(path);
        CreateFolder(Path.GetDirectoryName(full)!);
        var temporary = $"{full}.{Guid.NewGuid():n}.new";
        try
        {
            using (var file = new FileStream(temporary, Options()))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes text as UTF-8.</summary>
    public static void WriteText(string path, string content) => Write(path, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Reads the file; false when it does not exist.</summary>
    /// <exception cref="InvalidDataException">Someone other than the owner may read or write it.</exception>
    public static bool TryRead(string path, [NotNullWhen(true)] out byte[]? content)
    {
        content = null;
        if (!File.Exists(path))
        {
            return false;
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnlyFolder) != UnixFileMode.None)
        {
            throw new InvalidDataException($"{path} holds a secret but others may open it. Run: chmod 600 {path}");
        }

        content = File.ReadAllBytes(path);
        return true;
    }

    /// <summary>Reads the file as UTF-8 text; false when it does not exist.</summary>
    /// <exception cref="InvalidDataException">Someone other than the owner may read or write it.</exception>
    public static bool TryReadText(string path, [NotNullWhen(true)] out string? content)
    {
        content = TryRead(path, out var bytes) ? System.Text.Encoding.UTF8.GetString(bytes) : null;
        return content is not null;
    }

    /// <summary>Makes a folder that only its owner can enter (mode 0700); does nothing when it exists.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnlyFolder);
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
