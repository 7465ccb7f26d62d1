using System.Text;

namespace Bowline.Tunnel;

/// <summary>The path as ASP.NET Core wants it: decoded except for %2F, dot segments resolved; the query apart.</summary>
internal static class TunnelPath
{
    public static (string Path, string Query) Split(string target)
    {
        if (target == "*")
        {
            return ("", "");
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        return (Normalize(Decode(path)), question < 0 ? "" : target[question..]);
    }

    private static string Decode(string path)
    {
        if (!path.Contains('%', StringComparison.Ordinal))
        {
            return path;
        }

        // An encoded slash is data, not a separator: it stays encoded, as it does in Kestrel.
        var decoded = new StringBuilder();
        var rest = path.AsSpan();
        while (true)
        {
            var slash = rest.IndexOf("%2F", StringComparison.OrdinalIgnoreCase);
            decoded.Append(Uri.UnescapeDataString(slash < 0 ? rest : rest[..slash]));
            if (slash < 0)
            {
                return decoded.ToString();
            }

            decoded.Append(rest.Slice(slash, 3));
            rest = rest[(slash + 3)..];
        }
    }

    private static string Normalize(string path)
    {
        if (!path.Contains("/.", StringComparison.Ordinal))
        {
            return path;
        }

        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++)
        {
            var last = i == segments.Length - 1;
            if (segments[i] is "." or "..")
            {
                if (segments[i] == ".." && kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }

                if (last)
                {
                    kept.Add("");
                }
            }
            else
            {
                kept.Add(segments[i]);
            }
        }

        return "/" + string.Join('/', kept);
    }
}
