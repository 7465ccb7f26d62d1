using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.HubAccess;

/// <summary>The hub's API as the CLI uses it. Every failure is a <see cref="CliException"/>.</summary>
internal sealed class HubClient : IDisposable
{
    // Longer than any healthy hub needs to answer, short enough for a person who waits.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly HubAddress _address;

    public HubClient(HubAddress address)
    {
        _address = address;
        _http = new HttpClient { BaseAddress = new Uri(address.Url.GetLeftPart(UriPartial.Authority)), Timeout = Patience };
        if (address.Token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", address.Token);
        }
    }

    public string Origin => _address.Url.GetLeftPart(UriPartial.Authority);

    public Task<IReadOnlyList<LinkMessage>> LinksAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "/api/links", CliJson.Default.IReadOnlyListLinkMessage, cancellationToken);

    public Task<PingMessage> PingAsync(string deviceId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/api/links/{deviceId}/ping", CliJson.Default.PingMessage, cancellationToken);

    public Task<InviteMessage> InviteAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/api/invites", CliJson.Default.InviteMessage, cancellationToken);

    public Task<LoginLinkMessage> LoginLinkAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/api/login/links", CliJson.Default.LoginLinkMessage, cancellationToken);

    public Task<HubHealthMessage> HealthAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "/healthz", CliJson.Default.HubHealthMessage, cancellationToken, acceptUnhealthy: true);

    /// <summary>Tells the node to stop.</summary>
    public Task DisconnectAsync(string deviceId, CancellationToken cancellationToken) =>
        ExchangeAsync(HttpMethod.Post, $"/api/links/{deviceId}/disconnect", _ => Task.FromResult(true), cancellationToken);

    /// <summary>Takes the device's access away; null when that is effective already.</summary>
    public Task<RevocationMessage?> RevokeAsync(string deviceId, CancellationToken cancellationToken) => ExchangeAsync(
        HttpMethod.Delete,
        $"/api/links/{deviceId}",
        response => response.StatusCode == HttpStatusCode.NoContent ? Task.FromResult<RevocationMessage?>(null) : response.Content.ReadFromJsonAsync(CliJson.Default.RevocationMessage, cancellationToken),
        cancellationToken);

    public void Dispose() => _http.Dispose();

    private Task<T> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, bool acceptUnhealthy = false) => ExchangeAsync(
        method,
        path,
        async response => await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw NotAHub("the answer was empty"),
        cancellationToken,
        acceptUnhealthy);

    private async Task<T> ExchangeAsync<T>(HttpMethod method, string path, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken, bool acceptUnhealthy = false)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode && !(acceptUnhealthy && response.StatusCode == HttpStatusCode.ServiceUnavailable))
            {
                throw await RefusalAsync(response, cancellationToken);
            }

            return await read(response);
        }
        catch (HttpRequestException failure)
        {
            throw new CliException(
                ExitCode.Unreachable,
                $"The hub at {Origin} cannot be reached.",
                (failure.InnerException ?? failure).Message + ".",
                _address.Url.IsLoopback ? "bowline up   (or, for a hub alone: bowline hub)" : $"bowline doctor --hub {Origin}",
                failure);
        }
        catch (TaskCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(ExitCode.TimedOut, $"The hub at {Origin} did not answer.", $"No answer within {Patience.TotalSeconds:0} s.", $"bowline doctor --hub {Origin}", late);
        }
        catch (JsonException failure)
        {
            throw NotAHub(failure.Message);
        }
    }

    private CliException NotAHub(string why) => new(ExitCode.Failed, $"{Origin} does not answer like a Bowline hub of this version.", why, "check the address given by --hub or BOWLINE_HUB");

    private async Task<CliException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ProblemMessage? problem = null;
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            problem = await response.Content.ReadFromJsonAsync(CliJson.Default.ProblemMessage, cancellationToken);
        }

        var status = (int)response.StatusCode;
        var why = problem?.Detail ?? problem?.Title ?? $"It answered {status} {response.ReasonPhrase}.";
        return status switch
        {
            401 when _address.Token is null => new CliException(
                ExitCode.Unauthorised,
                $"The hub at {Origin} asks who you are.",
                _address.Url.IsLoopback ? "This user's data folder holds no token of that hub (hub/cli.token)." : "No API token was given.",
                CliOptions.TokenAdvice),
            401 or 403 => new CliException(ExitCode.Unauthorised, $"The hub at {Origin} refused the token.", why, CliOptions.TokenAdvice),
            404 when problem is null => NotAHub(why),
            502 when problem?.Type == "urn:bowline:hub:node_refused" => new CliException(ExitCode.Failed, "The node refused.", "It answered that it does not do this.", "bowline links"),
            504 => new CliException(ExitCode.TimedOut, "The node did not answer in time.", why, "bowline links"),
            502 => new CliException(ExitCode.Unreachable, "The node cannot be reached.", why, "bowline links"),
            _ => new CliException(ExitCode.Failed, $"The hub at {Origin} refused.", why, "bowline doctor"),
        };
    }
}
