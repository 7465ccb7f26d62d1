namespace Bowline.Tunnel;

/// <summary>From an <see cref="HttpRequestMessage"/> to the head of an OPEN frame.</summary>
internal static class RequestHeads
{
    public static RequestHead Create(TunnelTarget target, HttpRequestMessage request)
    {
        var head = new RequestHead
        {
            Method = request.Method.Method,
            Path = PathAndQuery(request.RequestUri),
            Service = target.Service,
            CallerKind = target.Caller.Kind,
            CallerId = target.Caller.Id,
            ContentLength = request.Content is null ? 0 : request.Content.Headers.ContentLength ?? -1,
        };
        if (!HeadRules.IsPath(head.Path) || !HeadRules.IsService(head.Service) || !HeadRules.IsToken(head.Method))
        {
            throw new TunnelException(TunnelError.RequestInvalid);
        }

        Copy(request, head);
        if (head.Upgrade.Length > 0)
        {
            head.ContentLength = -1;
        }

        return head;
    }

    private static void Copy(HttpRequestMessage request, RequestHead head)
    {
        var dropped = Named(request);
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase))
            {
                head.Upgrade = values.ToString();
            }
            else if (name.Equals("Expect", StringComparison.OrdinalIgnoreCase))
            {
                head.ExpectContinue = request.Headers.ExpectContinue == true;
            }
            else if (!HeadRules.IsHopByHop(name) && !IsOurs(name) && dropped?.Contains(name) != true)
            {
                Add(head.Headers, name, values);
            }
        }

        if (request.Content is { } content)
        {
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                if (!IsOurs(name))
                {
                    Add(head.Headers, name, values);
                }
            }
        }

        if (request.Headers.Host is null && request.RequestUri is { IsAbsoluteUri: true } uri)
        {
            head.Headers.Add("Host", uri.Authority);
        }

        TraceHeaders.Continue(head.Headers);
    }

    // The length travels as a field of the head; who asks is said by the carrier, never by the request.
    private static bool IsOurs(string name) =>
        name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || name.Equals(TunnelCaller.HeaderName, StringComparison.OrdinalIgnoreCase);

    private static void Add(TunnelHeaders headers, string name, System.Net.Http.Headers.HeaderStringValues values)
    {
        foreach (var value in values)
        {
            if (!HeadRules.IsFieldValue(value) || !HeadRules.IsToken(name))
            {
                throw new TunnelException(TunnelError.RequestInvalid);
            }

            headers.Add(name, value);
        }
    }

    /// <summary>The headers that Connection names end at this hop too.</summary>
    private static HashSet<string>? Named(HttpRequestMessage request)
    {
        if (!request.Headers.NonValidated.TryGetValues("Connection", out var values))
        {
            return null;
        }

        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in values)
        {
            named.UnionWith(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }

        return named;
    }

    /// <summary>The path and query as they were written: <see cref="Uri"/> would fold dot segments and decode some escapes.</summary>
    internal static string PathAndQuery(Uri? uri)
    {
        if (uri is null)
        {
            return "/";
        }

        var text = uri.OriginalString.AsSpan();
        var scheme = text.IndexOf("://");
        if (scheme >= 0 && text[..scheme].IndexOfAny('/', '?', '#') < 0)
        {
            text = text[(scheme + 3)..];
            var slash = text.IndexOfAny('/', '?', '#');
            text = slash < 0 ? default : text[slash..];
        }

        var hash = text.IndexOf('#');
        text = hash < 0 ? text : text[..hash];
        var path = text.Length > 0 && text[0] == '/' ? text.ToString() : text is "*" ? "*" : "/" + text.ToString();
        return System.Text.Ascii.IsValid(path) && HeadRules.IsPath(path) || !uri.IsAbsoluteUri ? path : uri.PathAndQuery;
    }
}
