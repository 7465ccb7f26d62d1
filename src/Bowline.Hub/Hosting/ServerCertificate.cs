using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bowline.Core.Files;

namespace Bowline.Hub.Hosting;

/// <summary>The certificate with which a hub speaks HTTPS: its own with the key, and the chain up to it that clients are sent.</summary>
internal sealed record ServerCertificate(X509Certificate2 Leaf, X509Certificate2Collection Chain)
{
    /// <summary>Reads the files of the options; null when none is named.</summary>
    /// <exception cref="HubException">A file is missing, readable by others (the key), encrypted, or no PEM file that fits.</exception>
    public static ServerCertificate? Load(HubOptions options)
    {
        if (options.CertificateFile is not { } file)
        {
            return null;
        }

        var (option, keyFile) = options.CertificateKeyFile is { } own ? ("--cert-key", own) : ("--cert", file);
        try
        {
            var certificates = File.Exists(file) ? File.ReadAllText(file) : throw Unusable($"--cert: there is no file {file}.");
            var key = SecretFile.TryReadText(keyFile, out var text) ? text : throw Unusable($"{option}: there is no file {keyFile}.");
            if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
            {
                throw Unusable($"{option}: the key in {keyFile} is encrypted, and the hub has nobody to ask for its password. Run: openssl pkey -in {keyFile} -out plain.key, chmod 600 plain.key, and give that.");
            }

            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificates);
            return new ServerCertificate(X509Certificate2.CreateFromPem(certificates, key), chain);
        }
        catch (InvalidDataException e)
        {
            throw Unusable($"{option}: {e.Message}", e);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException) // The latter for a key of another certificate.
        {
            throw Unusable($"--cert {file} and its key in {keyFile} cannot be used: {e.Message} Both are PEM files; the key of --cert is given with --cert-key, or is in the same file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"{option}: {e.Message}", e);
        }
    }

    private static HubException Unusable(string message, Exception? inner = null) => new(HubError.CertificateUnreadable, message, inner);
}
