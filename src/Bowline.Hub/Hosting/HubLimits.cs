using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bowline.Hub.Accounts;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Bowline.Hub.Hosting;

/// <summary>How often things may be tried. Every figure argues for itself.</summary>
internal sealed class HubLimits(TimeProvider time)
{
    /// <summary>No body of the API comes near this.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>Per caller. A console page with its assets and a CLI in a loop stay far below; a scanner does not.</summary>
    public AttemptLimiter Requests { get; } = new(burst: 600, TimeSpan.FromMilliseconds(20), time);

    /// <summary>A person mistypes; 20 then one every 15 s is useless for guessing against PBKDF2.</summary>
    public AttemptLimiter LoginsPerAddress { get; } = new(burst: 20, TimeSpan.FromSeconds(15), time);

    /// <summary>One account attacked from many addresses: 10, then one a minute.</summary>
    public AttemptLimiter LoginsPerAccount { get; } = new(burst: 10, TimeSpan.FromMinutes(1), time);

    /// <summary>A code has 60 random bits and lives 10 minutes: 10 tries at once and 4 a minute find nothing.</summary>
    public AttemptLimiter EnrolmentsPerAddress { get; } = new(burst: 10, TimeSpan.FromSeconds(15), time);

    /// <summary>Two per renewal are normal; a node in a reconnect loop with backoff stays below.</summary>
    public AttemptLimiter SessionsPerDevice { get; } = new(burst: 20, TimeSpan.FromSeconds(3), time);

    /// <summary>A person makes a handful of codes.</summary>
    public AttemptLimiter InvitesPerAccount { get; } = new(burst: 30, TimeSpan.FromSeconds(20), time);

    /// <summary>The part of an address that one subscriber cannot change at will: all of IPv4, the /64 of IPv6.</summary>
    public static string AddressKey(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    /// <summary>Answers 429 with Retry-After when the limiter refuses; null when the request may go on.</summary>
    public static IResult? Check(AttemptLimiter limiter, string key, HttpContext context)
    {
        if (limiter.TryTake(key, out var retryAfter))
        {
            return null;
        }

        context.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return HubProblem.Result(HubProblemCode.TooMany);
    }

    /// <summary>Runs after authentication: a signed-in caller has a bucket of its own, strangers share their address's.</summary>
    public static IApplicationBuilder UseRequestLimit(IApplicationBuilder app, HubLimits limits) => app.Use((context, next) =>
    {
        var known = context.User.Identity?.IsAuthenticated == true;
        if (known && context.Request.Path.StartsWithSegments("/t", StringComparison.Ordinal))
        {
            return next(context); // The traffic of a service is the service's to limit.
        }

        var caller = known ? HubPrincipal.Of(context.User).LimitKey : AddressKey(context);
        return Check(limits.Requests, caller, context) is { } refusal ? refusal.ExecuteAsync(context) : next(context);
    });
}
