using System.Net;
using Bowline.Hub.Accounts;
using Bowline.Hub.Console.Pages;
using Bowline.Hub.Content;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Hub.Console;

/// <summary>The ways in and out of the console; the rules are <see cref="LoginService"/>'s.</summary>
internal static class ConsoleLogin
{
    private const string Failed = "That did not work: the name, the password or the link is wrong, used or expired, or there were too many attempts. Wait a minute before you try again.";
    private const string NeedsPassword = "This account has no password yet: choose one now.";

    public static void MapConsoleLogin(this IEndpointRouteBuilder app)
    {
        app.MapGet("/login", (HubOptions options, string? password, string? to) =>
            Page(options, to, needsPassword: password == "required", password == "required" ? NeedsPassword : null)).AllowAnonymous();
        app.MapPost("/login", SubmitAsync).AllowAnonymous().DisableAntiforgery(); // The Origin check guards every post.
        app.MapPost("/logout", (HttpContext context, LoginService login) =>
        {
            login.SignOut(context);
            return Results.Redirect("/login");
        }).AllowAnonymous();
    }

    /// <summary>
    /// A page that goes on to a path of this origin. Not a redirect: one after a form may not lead to the origin of exposed content
    /// (form-action), and one from another site leaves the cookie behind.
    /// </summary>
    public static IResult Continue(string path)
    {
        var address = WebUtility.HtmlEncode(path);
        return Results.Content($"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Opening</title><meta http-equiv="refresh" content="0;url={address}"></head><body><a href="{address}">Continue</a></body></html>""", "text/html");
    }

    private static async Task<IResult> SubmitAsync(HttpContext context, LoginService login, HubOptions options)
    {
        if (!context.Request.HasFormContentType)
        {
            return HubProblem.Result(HubProblemCode.BadRequest);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var token = form["token"].ToString();
        var to = form["to"].ToString() is var path && ContentAddress.IsLocalPath(path) ? path : null;
        var refusal = token.Length > 0
            ? login.WithLink(context, new LoginLinkRequest(token, form["password"]))
            : login.WithPassword(context, new LoginRequest(form["name"], form["password"]));
        return refusal switch
        {
            null => to is null ? Results.Redirect("/") : Continue(to),

            // The link was not used up: the same page again with the token back in the address.
            IStatusCodeHttpResult { StatusCode: StatusCodes.Status409Conflict } => Results.Redirect($"/login?password=required{(to is null ? "" : "&to=" + Uri.EscapeDataString(to))}#{Uri.EscapeDataString(token)}"),
            IStatusCodeHttpResult { StatusCode: { } status } => Page(options, to, needsPassword: false, Failed, status),
            _ => refusal,
        };
    }

    private static RazorComponentResult<LoginPage> Page(HubOptions options, string? to, bool needsPassword, string? problem, int status = StatusCodes.Status200OK) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(LoginPage.HubName)] = options.Name,
            [nameof(LoginPage.To)] = ContentAddress.IsLocalPath(to) ? to : null,
            [nameof(LoginPage.Problem)] = problem,
            [nameof(LoginPage.NeedsPassword)] = needsPassword,
            [nameof(LoginPage.MinLength)] = LoginService.MinPassword,
        })
        { StatusCode = status };
}
