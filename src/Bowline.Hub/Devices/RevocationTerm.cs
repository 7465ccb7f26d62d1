using System.Globalization;
using Bowline.Hub.NatsServer;
using Microsoft.AspNetCore.Http;

namespace Bowline.Hub.Devices;

/// <summary>How soon a revocation is effective on this hub, for the people who decide about one.</summary>
internal sealed class RevocationTerm(INatsBackend nats, HubOptions options)
{
    /// <summary>True when a node may hold a connection to NATS that the hub cannot cut.</summary>
    public bool IsDelayed => !nats.RevokesAtOnce;

    /// <summary>The longest that such a connection lives.</summary>
    public TimeSpan Delay => options.LinkSessionLife;

    /// <summary>In words: <c>effective within 15 minutes</c>.</summary>
    public string Words => "effective within " + (Delay >= TimeSpan.FromMinutes(2)
        ? Count(Math.Ceiling(Delay.TotalMinutes), "minutes")
        : Count(Math.Ceiling(Delay.TotalSeconds), "seconds"));

    /// <summary>204 when the revocation is effective, 202 with the term when it will be.</summary>
    public IResult ResultOf(RevocationEffect effect) => effect == RevocationEffect.WhenCredentialsEnd
        ? Results.Json(new RevocationResponse((int)Math.Ceiling(Delay.TotalSeconds), Words), HubJson.Default.RevocationResponse, statusCode: StatusCodes.Status202Accepted)
        : Results.NoContent();

    private static string Count(double value, string unit) => value.ToString(CultureInfo.InvariantCulture) + " " + unit;
}
