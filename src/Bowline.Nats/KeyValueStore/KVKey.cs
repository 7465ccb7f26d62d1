using System.Buffers;

namespace Bowline.Nats.KeyValueStore;

/// <summary>Keys are subject tokens: letters, digits, underscore, dash, slash and equals, joined by dots. Never a wildcard.</summary>
internal static class KVKey
{
    private const int MaxLength = 512;
    private const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/=.";
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Plain);
    private static readonly SearchValues<char> AllowedInFilter = SearchValues.Create(Plain + "*>");

    public static string Check(string? key) => IsValid(key, Allowed)
        ? key!
        : throw new ArgumentException($"A key is 1 to {MaxLength} characters of A-Z, a-z, 0-9, '_', '-', '/', '=' and single dots between them.", nameof(key));

    public static string CheckFilter(string? filter) => IsValid(filter, AllowedInFilter) && SubjectRules.IsValid(filter, wildcards: true)
        ? filter!
        : throw new ArgumentException("A key filter is a key in which whole tokens may be '*' and the last one '>'.", nameof(filter));

    private static bool IsValid(string? key, SearchValues<char> allowed) =>
        key is { Length: > 0 and <= MaxLength } && !key.AsSpan().ContainsAnyExcept(allowed)
        && key[0] != '.' && key[^1] != '.' && !key.Contains("..", StringComparison.Ordinal);
}
