using System.Text;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Hub.Accounts;

/// <summary>A plain login page that works without the console: one form; a script moves the link's token out of the address.</summary>
internal static class LoginPage
{
    private const string Html = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in - Bowline</title><link rel="stylesheet" href="/login.css"></head>
        <body><main><h1>Bowline</h1>{0}
        <form method="post" action="/login" id="by-password"><label>Name <input name="name" autocomplete="username" required maxlength="64"></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required maxlength="1024"></label><button>Sign in</button></form>
        <form method="post" action="/login" id="by-link" hidden><input name="token" type="hidden"><p>Signing in with a one-time link.</p>
        <label>New password (only for the first login, 10 characters or more) <input name="password" type="password" autocomplete="new-password" maxlength="1024"></label><button>Sign in</button></form>
        </main><script src="/login.js"></script></body></html>
        """;

    private const string Script = """
        const token = location.hash.slice(1);
        if (token) {
          history.replaceState(null, '', '/login');
          const form = document.getElementById('by-link');
          form.elements.token.value = token;
          form.hidden = false;
          document.getElementById('by-password').hidden = true;
        }
        """;

    private const string Style = """
        :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
        main { max-width: 22rem; margin: 10vh auto; padding: 0 1rem }
        form { display: grid; gap: 1rem } form[hidden] { display: none }
        label { display: grid; gap: .25rem } input, button { font: inherit; padding: .5rem }
        .error { color: #c22 }
        """;

    public static void MapLoginPage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/login", () => Page("")).AllowAnonymous();
        app.MapGet("/login.js", () => Results.Text(Script, "text/javascript", Encoding.UTF8)).AllowAnonymous();
        app.MapGet("/login.css", () => Results.Text(Style, "text/css", Encoding.UTF8)).AllowAnonymous();
        app.MapPost("/login", SubmitAsync).AllowAnonymous().DisableAntiforgery(); // The Origin check guards every post.
        app.MapPost("/logout", (HttpContext context, LoginService login) =>
        {
            login.SignOut(context);
            return Results.Redirect("/login");
        }).AllowAnonymous();
    }

    private static async Task<IResult> SubmitAsync(HttpContext context, LoginService login)
    {
        if (!context.Request.HasFormContentType)
        {
            return HubProblem.Result(HubProblemCode.BadRequest);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var token = form["token"].ToString();
        var refusal = token.Length > 0
            ? login.WithLink(context, new LoginLinkRequest(token, form["password"]))
            : login.WithPassword(context, new LoginRequest(form["name"], form["password"]));
        return refusal switch
        {
            null => Results.Redirect("/"),
            IStatusCodeHttpResult { StatusCode: StatusCodes.Status409Conflict } => Retry(token),
            IStatusCodeHttpResult { StatusCode: { } status } => Page("""<p class="error" role="alert">That did not work: name, password or link is wrong, used or expired, or there were too many attempts.</p>""", status),
            _ => refusal,
        };
    }

    // The link was not used up: the same page again with the token back in the address.
    private static IResult Retry(string token) => Results.Redirect("/login?password=required#" + Uri.EscapeDataString(token));

    private static IResult Page(string message, int status = StatusCodes.Status200OK) =>
        Results.Content(Html.Replace("{0}", message, StringComparison.Ordinal), "text/html", Encoding.UTF8, status);
}
