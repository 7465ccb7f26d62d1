using Bowline.Cli.Infrastructure;
using Bowline.Core.Files;
using Bowline.Nostr;

namespace Bowline.Cli.Keys;

/// <summary>A Nostr secret key in a file of its own (mode 0600), as an nsec or in hex.</summary>
internal static class KeyFile
{
    private const string What = "The key cannot be used.";

    /// <summary>The file, unless another is named.</summary>
    public static string DefaultPath(CliContext cli) => Path.Combine(cli.Home, "nostr.key");

    /// <exception cref="CliException">There is none, others may read it, or it holds no key.</exception>
    public static NostrKey Read(string path)
    {
        try
        {
            if (!SecretFile.TryReadText(path, out var text))
            {
                throw new CliException(ExitCode.Failed, What, $"{path} does not exist.", "bowline key new   (or name another file)");
            }

            return SecretKeyText.TryParse(text.Trim(), out var key, out var problem)
                ? key
                : throw new CliException(ExitCode.Failed, What, $"{path}: {problem}", "bowline key new FILE");
        }
        catch (InvalidDataException failure)
        {
            throw new CliException(ExitCode.Failed, What, failure.Message, $"chmod 600 {path}", failure);
        }
    }

    /// <exception cref="CliException">The file is there: a key that is overwritten is lost for ever.</exception>
    public static void WriteNew(string path, NostrKey key)
    {
        if (File.Exists(path))
        {
            throw new CliException(ExitCode.Failed, "No key was made.", $"{path} is there already, and a key that is overwritten is lost for ever.", $"bowline key show {path}   (or name another file)");
        }

        SecretFile.WriteText(path, SecretKeyText.Write(key) + "\n");
    }
}
