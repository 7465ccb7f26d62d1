namespace Bowline.Tunnel;

/// <summary>The parts of <c>http://&lt;service&gt;.&lt;node&gt;.bowline/...</c>.</summary>
/// <param name="Node">A slug or a device id.</param>
/// <param name="Service"><see cref="TunnelTarget.DefaultService"/> when the address names only a node.</param>
public readonly record struct TunnelAddress(string Node, string Service)
{
    /// <summary>The last label of every address.</summary>
    public const string TopLabel = "bowline";

    /// <summary>Takes an address apart, from its original text: <see cref="Uri.Host"/> is lower-cased.</summary>
    public static bool TryParse(Uri? uri, out TunnelAddress address)
    {
        address = default;
        if (uri is not { IsAbsoluteUri: true })
        {
            return false;
        }

        var text = uri.OriginalString;
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.AsSpan(start).IndexOfAny('/', '?', '#');
        var authority = end < 0 ? text[start..] : text.Substring(start, end);
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = authority.LastIndexOf(':');
        var labels = (colon < 0 ? authority : authority[..colon]).Split('.');
        if (labels.Length is not (2 or 3) || !labels[^1].Equals(TopLabel, StringComparison.OrdinalIgnoreCase) || labels[^2].Length == 0)
        {
            return false;
        }

        address = labels.Length == 2 ? new(labels[0], TunnelTarget.DefaultService) : new(labels[1], labels[0]);
        return HeadRules.IsService(address.Service);
    }
}
