using Microsoft.AspNetCore.Http;

namespace Bowline.Tunnel;

/// <summary>Splits a raw target into the decoded path and the query, as ASP.NET Core's own server does it. Pure.</summary>
internal static class RequestTarget
{
    /// <summary>False when the path cannot be decoded to something an app may see.</summary>
    public static bool TrySplit(string target, out string path, out string query)
    {
        var mark = target.IndexOf('?');
        query = mark < 0 ? "" : target[mark..];
        var raw = mark < 0 ? target : target[..mark];
        path = raw;
        if (raw == "*")
        {
            path = "";
            return true;
        }

        if (raw.Length == 0 || raw[0] != '/')
        {
            return false;
        }

        if (raw.Contains('%'))
        {
            // %2F stays as it is: a slash that is data must not become one that separates.
            if (raw.Contains("%00", StringComparison.Ordinal))
            {
                return false;
            }

            path = PathString.FromUriComponent(raw).Value ?? "/";
        }

        if (path.Contains("/.", StringComparison.Ordinal))
        {
            path = RemoveDotSegments(path);
        }

        return true;
    }

    /// <summary>RFC 3986 section 5.2.4: a path never climbs above its root.</summary>
    private static string RemoveDotSegments(string path)
    {
        var kept = new List<string>();
        var segments = path[1..].Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var last = i == segments.Length - 1;
            switch (segments[i])
            {
                case "..":
                    if (kept.Count > 0)
                    {
                        kept.RemoveAt(kept.Count - 1);
                    }

                    break;
                case ".":
                    break;
                default:
                    kept.Add(segments[i]);
                    continue;
            }

            if (last)
            {
                kept.Add("");
            }
        }

        return "/" + string.Join('/', kept);
    }
}
