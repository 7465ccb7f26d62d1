using Microsoft.AspNetCore.Http;

namespace Bowline.Hub.Accounts;

/// <summary>The console's cookie.</summary>
internal static class SessionCookie
{
    public const string Name = "bowline-session";

    public static void Set(HttpContext context, string secret, bool secure) =>
        context.Response.Cookies.Append(Name, secret, Options(secure, SessionStore.Idle));

    public static void Clear(HttpContext context, bool secure) =>
        context.Response.Cookies.Delete(Name, Options(secure, null));

    private static CookieOptions Options(bool secure, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = secure,
        Path = "/",
        MaxAge = maxAge,
        IsEssential = true,
    };
}
