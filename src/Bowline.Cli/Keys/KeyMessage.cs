namespace Bowline.Cli.Keys;

/// <summary>What <c>bowline key</c> prints with <c>--json</c>.</summary>
/// <param name="Npub">The public key as people write it.</param>
/// <param name="PublicKey">The same in hex, as events carry it.</param>
/// <param name="File">Where the secret is.</param>
/// <param name="Nsec">The secret; only with <c>--secret</c>.</param>
internal sealed record KeyMessage(string Npub, string PublicKey, string File, string? Nsec);
