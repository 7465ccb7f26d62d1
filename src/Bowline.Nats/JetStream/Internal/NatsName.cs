using System.Buffers;

namespace Bowline.Nats.JetStream;

/// <summary>Names become subject tokens: a dot or a wildcard in one would reach other streams, so neither is allowed.</summary>
internal static class NatsName
{
    private const int MaxLength = 128;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public static string Check(string? name, string what) => name is { Length: > 0 and <= MaxLength } && !name.AsSpan().ContainsAnyExcept(Allowed)
        ? name
        : throw new ArgumentException($"The name of a {what} is 1 to {MaxLength} characters of A-Z, a-z, 0-9, underscore and dash.", nameof(name));

    public static void CheckFilter(string? filter)
    {
        if (filter is not null)
        {
            SubjectRules.CheckSubscribe(filter);
        }
    }
}
