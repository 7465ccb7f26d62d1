using Microsoft.AspNetCore.Http;

namespace Bowline.Hub.Problems;

/// <summary>Every reason for which the hub's API refuses.</summary>
internal sealed record HubProblemCode(string Code, int Status, string Title)
{
    public static readonly HubProblemCode BadRequest = new("bad_request", StatusCodes.Status400BadRequest, "The request cannot be understood.");
    public static readonly HubProblemCode Unauthenticated = new("unauthenticated", StatusCodes.Status401Unauthorized, "Sign in, or send a token.");
    public static readonly HubProblemCode TokenInvalid = new("token_invalid", StatusCodes.Status401Unauthorized, "The token is not valid.");
    public static readonly HubProblemCode TokenExpired = new("token_expired", StatusCodes.Status401Unauthorized, "The token is outside its life of 60 seconds; compare this machine's clock with the Date of this answer.");
    public static readonly HubProblemCode TokenReplayed = new("token_replayed", StatusCodes.Status401Unauthorized, "The token was used before.");
    public static readonly HubProblemCode DeviceUnknown = new("device_unknown", StatusCodes.Status401Unauthorized, "The device is not enrolled here, or was revoked.");
    public static readonly HubProblemCode CodeInvalid = new("code_invalid", StatusCodes.Status401Unauthorized, "The code is unknown, used or expired.");
    public static readonly HubProblemCode LoginFailed = new("login_failed", StatusCodes.Status401Unauthorized, "Name or password is wrong.");
    public static readonly HubProblemCode LinkInvalid = new("login_link_invalid", StatusCodes.Status401Unauthorized, "The login link is unknown, used or expired. Run: bowline hub login");
    public static readonly HubProblemCode PasswordRequired = new("password_required", StatusCodes.Status409Conflict, "Choose a password of at least 10 characters.");
    public static readonly HubProblemCode AlreadyEnrolled = new("already_enrolled", StatusCodes.Status409Conflict, "The device belongs to another account of this hub.");
    public static readonly HubProblemCode Forbidden = new("forbidden", StatusCodes.Status403Forbidden, "This credential does not allow that.");
    public static readonly HubProblemCode OriginRefused = new("origin_refused", StatusCodes.Status403Forbidden, "The request does not come from this hub's own pages.");
    public static readonly HubProblemCode HttpsRequired = new("https_required", StatusCodes.Status403Forbidden, "Logins over plain HTTP are accepted from this machine only. Use HTTPS.");
    public static readonly HubProblemCode HostUnknown = new("host_unknown", StatusCodes.Status421MisdirectedRequest, "This hub is not called that. Start it with --public-url or --allowed-host.");
    public static readonly HubProblemCode NotFound = new("not_found", StatusCodes.Status404NotFound, "There is no such thing here.");
    public static readonly HubProblemCode MethodNotAllowed = new("method_not_allowed", StatusCodes.Status405MethodNotAllowed, "The method is not allowed here.");
    public static readonly HubProblemCode TooLarge = new("too_large", StatusCodes.Status413PayloadTooLarge, "The request is too large.");
    public static readonly HubProblemCode UpgradeRequired = new("upgrade_required", StatusCodes.Status426UpgradeRequired, "This address speaks WebSocket only.");
    public static readonly HubProblemCode TooMany = new("too_many", StatusCodes.Status429TooManyRequests, "Too many requests; wait as long as Retry-After says.");
    public static readonly HubProblemCode Internal = new("internal", StatusCodes.Status500InternalServerError, "The hub failed; its log has the trace id.");
    public static readonly HubProblemCode NodeRefused = new("node_refused", StatusCodes.Status502BadGateway, "The node refused.");
    public static readonly HubProblemCode AnswerInvalid = new("answer_invalid", StatusCodes.Status502BadGateway, "The service's answer is not valid HTTP.");
    public static readonly HubProblemCode LinkSessionUnavailable = new("link_session_unavailable", StatusCodes.Status503ServiceUnavailable, "link session unavailable");
    public static readonly HubProblemCode Busy = new("busy", StatusCodes.Status503ServiceUnavailable, "The hub is at its limit of connections.");

    public string Type => "urn:bowline:hub:" + Code;

    /// <summary>The problem for a status that a handler set without a body.</summary>
    public static HubProblemCode? Of(int status) => status switch
    {
        StatusCodes.Status400BadRequest => BadRequest,
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status403Forbidden => Forbidden,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        StatusCodes.Status415UnsupportedMediaType => BadRequest,
        StatusCodes.Status429TooManyRequests => TooMany,
        >= 500 => Internal,
        _ => null,
    };
}
