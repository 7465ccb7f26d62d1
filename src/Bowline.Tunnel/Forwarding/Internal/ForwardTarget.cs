using System.Text;

namespace Bowline.Tunnel;

/// <summary>The service's address, and the caller's path put behind it unchanged. Pure.</summary>
internal sealed class ForwardTarget
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private readonly string _base;

    public bool IsTls { get; }

    public ForwardTarget(Uri target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!target.IsAbsoluteUri || target.Scheme is not ("http" or "https") || target.UserInfo.Length > 0 || target.Query.Length > 0 || target.Fragment.Length > 0)
        {
            throw new ArgumentException("The target is an absolute http or https address without user, query or fragment.", nameof(target));
        }

        IsTls = target.Scheme == "https";
        _base = target.GetLeftPart(UriPartial.Path).TrimEnd('/');
    }

    /// <summary>Null when the path cannot be asked for (only <c>OPTIONS *</c>, or what is no path at all).</summary>
    public Uri? At(string path) =>
        path.Length > 0 && path[0] == '/' && HeadRules.IsPath(path) && Uri.TryCreate(_base + Encode(path), AsWritten, out var uri) ? uri : null;

    /// <summary>A request line is ASCII: other characters travel percent-encoded, as browsers send them.</summary>
    private static string Encode(string path)
    {
        if (Ascii.IsValid(path))
        {
            return path;
        }

        var text = new StringBuilder(path.Length + 16);
        foreach (var rune in path.EnumerateRunes())
        {
            _ = rune.IsAscii ? text.Append((char)rune.Value) : text.Append(Uri.EscapeDataString(rune.ToString()));
        }

        return text.ToString();
    }
}
