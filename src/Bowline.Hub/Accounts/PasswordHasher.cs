using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bowline.Hub.Accounts;

/// <summary>PBKDF2-HMAC-SHA-512 with a 16-byte salt; stored as <c>pbkdf2-sha512$iterations$salt$hash</c> (base64).</summary>
internal static class PasswordHasher
{
    /// <summary>OWASP's figure for PBKDF2-HMAC-SHA-512: about 0.1 s on a small server.</summary>
    internal const int Iterations = 210_000;

    private const string Scheme = "pbkdf2-sha512";
    private const int HashBytes = 64;

    /// <summary>Checked when there is no account, so that an unknown name takes as long as a wrong password.</summary>
    private static readonly string Nobody = Hash(Secrets.New());

    public static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme}${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Derive(password, salt, Iterations))}");
    }

    /// <summary>Compares in constant time; null stands for an account that does not exist or has no password yet.</summary>
    public static bool Verify(string password, string? stored)
    {
        var parts = (stored ?? Nobody).Split('$');
        if (parts.Length != 4 || parts[0] != Scheme)
        {
            return false;
        }

        var derived = Derive(password, Convert.FromBase64String(parts[2]), int.Parse(parts[1], CultureInfo.InvariantCulture));
        return CryptographicOperations.FixedTimeEquals(derived, Convert.FromBase64String(parts[3])) && stored is not null;
    }

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA512, HashBytes);
}
