namespace Bowline.Node.Services;

/// <summary>Which names and targets a service may have.</summary>
public static class ServiceRules
{
    /// <summary>The longest name: it shares one host label of 63 characters with <c>--</c> and the node's name of up to 40.</summary>
    public const int MaxNameLength = 21;

    /// <summary>Why the name is not usable; null when it is.</summary>
    public static string? CheckName(string? name)
    {
        if (name is not { Length: > 0 and <= MaxNameLength })
        {
            return $"A service name has 1 to {MaxNameLength} characters.";
        }

        var plain = name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        return plain && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal)
            ? null
            : "A service name is made of a-z, 0-9 and single dashes between them.";
    }

    /// <summary>Why the target is not usable; null when it is.</summary>
    public static string? CheckTarget(Uri? target) =>
        target is { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo.Length: 0 } && target.Query.Length == 0 && target.Fragment.Length == 0
            ? null
            : "A service forwards to an http:// or https:// address without user, query or fragment.";
}
