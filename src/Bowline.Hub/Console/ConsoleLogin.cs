using Bowline.Hub.Accounts;
using Bowline.Hub.Console.Pages;
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
        app.MapGet("/login", (HubOptions options, string? password) =>
            Page(options, needsPassword: password == "required", password == "required" ? NeedsPassword : null)).AllowAnonymous();
        app.MapPost("/login", SubmitAsync).AllowAnonymous().DisableAntiforgery(); // The Origin check guards every post.
        app.MapPost("/logout", (HttpContext context, LoginService login) =>
        {
            login.SignOut(context);
            return Results.Redirect("/login");
        }).AllowAnonymous();
    }

    private static async Task<IResult> SubmitAsync(HttpContext context, LoginService login, HubOptions options)
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

            // The link was not used up: the same page again with the token back in the address.
            IStatusCodeHttpResult { StatusCode: StatusCodes.Status409Conflict } => Results.Redirect("/login?password=required#" + Uri.EscapeDataString(token)),
            IStatusCodeHttpResult { StatusCode: { } status } => Page(options, needsPassword: false, Failed, status),
            _ => refusal,
        };
    }

    private static RazorComponentResult<LoginPage> Page(HubOptions options, bool needsPassword, string? problem, int status = StatusCodes.Status200OK) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(LoginPage.HubName)] = options.Name,
            [nameof(LoginPage.Problem)] = problem,
            [nameof(LoginPage.NeedsPassword)] = needsPassword,
            [nameof(LoginPage.MinLength)] = LoginService.MinPassword,
        })
        { StatusCode = status };
}
