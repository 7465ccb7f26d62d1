using Bowline.Hub.Audit;
using Bowline.Hub.Hosting;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Http;

namespace Bowline.Hub.Accounts;

/// <summary>Signs people in and out. Every refusal looks the same whether or not the name exists.</summary>
internal sealed class LoginService(AccountStore accounts, LoginLinks links, SessionStore sessions, HubNames names, HubLimits limits, AuditLog audit)
{
    internal const int MinPassword = 10;
    private const int MaxPassword = 1024;
    private const int MaxName = 64;

    /// <summary>Signs in with a password; null when a cookie was set.</summary>
    public IResult? WithPassword(HttpContext context, LoginRequest request)
    {
        if (Guard(context) is { } refusal)
        {
            return refusal;
        }

        var name = request.Name ?? "";
        if (name.Length is 0 or > MaxName || request.Password is not { Length: > 0 and <= MaxPassword } password)
        {
            return HubProblem.Result(HubProblemCode.LoginFailed);
        }

        if (HubLimits.Check(limits.LoginsPerAccount, name.ToLowerInvariant(), context) is { } tooMany)
        {
            return tooMany;
        }

        if (accounts.CheckPassword(name, password) is not { } account)
        {
            Telemetry.LoginsRefused.Add(1);
            audit.Write(name, "login.failed", name, HubLimits.AddressKey(context));
            return HubProblem.Result(HubProblemCode.LoginFailed);
        }

        return SignIn(context, account, "password");
    }

    /// <summary>Signs in with a one-time link; an account without password chooses one now. Null when a cookie was set.</summary>
    public IResult? WithLink(HttpContext context, LoginLinkRequest request)
    {
        if (Guard(context) is { } refusal)
        {
            return refusal;
        }

        if (request.Token is not { Length: > 0 and <= 100 } token || links.Peek(token) is not { } accountId || accounts.Find(accountId) is not { } account)
        {
            return HubProblem.Result(HubProblemCode.LinkInvalid);
        }

        if (!account.HasPassword && request.Password is not { Length: >= MinPassword and <= MaxPassword })
        {
            return HubProblem.Result(HubProblemCode.PasswordRequired);
        }

        if (!links.TryConsume(token))
        {
            return HubProblem.Result(HubProblemCode.LinkInvalid);
        }

        if (!account.HasPassword)
        {
            accounts.SetPassword(account.Id, request.Password!);
            audit.Write(account.Name, "password.set", account.Name, HubLimits.AddressKey(context));
        }

        return SignIn(context, account, "link");
    }

    public void SignOut(HttpContext context)
    {
        if (HubPrincipal.TryOf(context.User) is { SessionId: { } session, Account: { } account })
        {
            sessions.Revoke(account.Id, session);
            audit.Write(account.Name, "logout", account.Name, HubLimits.AddressKey(context));
        }

        SessionCookie.Clear(context, names.NeedsSecureCookie(context));
    }

    private IResult? Guard(HttpContext context) => names.IsPrivate(context)
        ? HubLimits.Check(limits.LoginsPerAddress, HubLimits.AddressKey(context), context)
        : HubProblem.Result(HubProblemCode.HttpsRequired);

    private IResult? SignIn(HttpContext context, Account account, string how)
    {
        var address = HubLimits.AddressKey(context);
        var secret = sessions.Create(account.Id, address, context.Request.Headers.UserAgent.ToString());
        SessionCookie.Set(context, secret, names.NeedsSecureCookie(context));
        audit.Write(account.Name, "login", account.Name, address, how);
        return null;
    }
}
