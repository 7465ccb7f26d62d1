using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;
using Bowline.Core.Health;

namespace Bowline.Cli.Doctor;

/// <summary>Checks of the hub, as seen from this machine.</summary>
internal static class HubChecks
{
    // A device token lives 60 s: a clock that is wrong by half of that still works, but not for long.
    private static readonly TimeSpan TolerableSkew = TimeSpan.FromSeconds(30);

    /// <summary>One question of many: a hub that needs longer is as good as away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<DoctorFinding>> RunAsync(CliContext cli, HubAddress address)
    {
        var findings = new List<DoctorFinding>();
        using var http = new HttpClient { BaseAddress = address.Url, Timeout = Patience };
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
            request.Headers.Authorization = address.Token is null ? null : new AuthenticationHeaderValue("Bearer", address.Token);
            using var response = await http.SendAsync(request, cli.Cancelled);
            var body = await response.Content.ReadAsStringAsync(cli.Cancelled);
            findings.AddRange(Health(address, response, body));
            findings.Add(Clock(cli, response));
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cli.Cancelled.IsCancellationRequested)
        {
            var refused = failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            var text = refused ? $"Nothing listens at {address.Url}" : $"{address.Url} does not answer: {(failure.InnerException ?? failure).Message}";
            findings.Add(new DoctorFinding("hub", DoctorState.Failed, text, address.Url.IsLoopback ? "bowline up   (or: bowline hub)" : "check the address, the network and the hub's machine"));
            return findings;
        }

        findings.Add(address.Token is null
            ? new DoctorFinding("hub token", DoctorState.Warning, "No API token for this hub; links, ping and invite need one.", CliOptions.TokenAdvice)
            : new DoctorFinding("hub token", DoctorState.Ok, "An API token is at hand."));
        return findings;
    }

    /// <summary>The hub itself, and a finding for each thing it has to say to whoever may know.</summary>
    private static IEnumerable<DoctorFinding> Health(HubAddress address, HttpResponseMessage response, string body)
    {
        if (Read(body) is not { } health)
        {
            yield return new DoctorFinding("hub", DoctorState.Failed, $"{address.Url} answers, but is no Bowline hub ({(int)response.StatusCode}).", "another program may have the port: bowline up --listen 127.0.0.1:7800");
            yield break;
        }

        yield return response.IsSuccessStatusCode
            ? new DoctorFinding("hub", health.Status == "ok" ? DoctorState.Ok : DoctorState.Warning, $"{address.Url} answers: {health.Status}")
            : new DoctorFinding("hub", DoctorState.Failed, $"{address.Url} is not healthy: {health.Status}", "look at the hub's log");
        foreach (var warning in health.Warnings ?? [])
        {
            yield return new DoctorFinding("hub health", warning.Severity == HealthSeverity.Error ? DoctorState.Failed : DoctorState.Warning, $"{warning.Title}: {warning.Text}", warning.Command);
        }
    }

    private static HubHealthMessage? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, CliJson.Default.HubHealthMessage) is { Status: not null } health ? health : null;
        }
        catch (JsonException)
        {
            return null; // Another program's page.
        }
    }

    private static DoctorFinding Clock(CliContext cli, HttpResponseMessage response)
    {
        if (response.Headers.Date is not { } date)
        {
            return new DoctorFinding("clock", DoctorState.Warning, "The hub's answer has no Date.");
        }

        var skew = date - cli.Time.GetUtcNow();
        var seconds = skew.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return skew.Duration() <= TolerableSkew
            ? new DoctorFinding("clock", DoctorState.Ok, "Agrees with the hub's.")
            : new DoctorFinding("clock", DoctorState.Warning, $"The hub's clock is {seconds} s ahead of this machine's. The node allows for it; people's logs will not.", "timedatectl set-ntp true");
    }
}
