using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bowline.Node.HubAccess;

/// <summary>The few calls a node makes to its hub. Failures are <see cref="NodeException"/> with the reason in words.</summary>
internal sealed class HubApi(HttpClient http, Uri hub, HubClock clock)
{
    private const string Prefix = "urn:bowline:hub:";

    /// <summary>The hub's address as dialled: scheme, host and port, without a slash at the end.</summary>
    public string Origin { get; } = hub.GetLeftPart(UriPartial.Authority);

    public HubClock Clock => clock;

    public Task<ChallengeResponse> ChallengeAsync(ChallengeRequest request, CancellationToken cancellationToken) =>
        PostAsync("api/enrolments/challenge", request, NodeJson.Default.ChallengeRequest, NodeJson.Default.ChallengeResponse, token: null, cancellationToken);

    public Task<EnrolmentResponse> EnrolAsync(EnrolmentRequest request, CancellationToken cancellationToken) =>
        PostAsync("api/enrolments", request, NodeJson.Default.EnrolmentRequest, NodeJson.Default.EnrolmentResponse, token: null, cancellationToken);

    public Task<SessionResponse> SessionAsync(SessionRequest request, Func<string> token, CancellationToken cancellationToken) =>
        PostAsync("api/links/session", request, NodeJson.Default.SessionRequest, NodeJson.Default.SessionResponse, token, cancellationToken);

    public async Task LeaveAsync(Func<string> token, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, Address("api/enrolments/me")), token, cancellationToken);
    }

    private async Task<TResponse> PostAsync<TRequest, TResponse>(
        string path,
        TRequest body,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResponse> responseType,
        Func<string>? token,
        CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = JsonContent.Create(body, requestType) },
            token,
            cancellationToken);
        try
        {
            return await response.Content.ReadFromJsonAsync(responseType, cancellationToken)
                ?? throw new NodeException(NodeError.NotAHub, $"{Origin} answered {path} without content; is it a Bowline hub?");
        }
        catch (JsonException failure)
        {
            throw new NodeException(NodeError.NotAHub, $"{Origin} answered {path} with something else than expected; is it a Bowline hub of this version?", failure);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, Func<string>? token, CancellationToken cancellationToken)
    {
        for (var secondTry = false; ; secondTry = true)
        {
            HttpResponseMessage response;
            try
            {
                using var request = make();
                request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token());
                response = await http.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException failure)
            {
                throw new NodeException(NodeError.HubUnreachable, $"The hub at {Origin} cannot be reached: {Describe(failure)}", failure);
            }

            var clockMoved = clock.Observe(response.Headers.Date);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (response.StatusCode == HttpStatusCode.Unauthorized && clockMoved && token is not null && !secondTry)
                {
                    continue;
                }

                throw await FailureAsync(response, cancellationToken);
            }
        }
    }

    private async Task<NodeException> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ProblemMessage? problem = null;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json")
        {
            try
            {
                problem = await response.Content.ReadFromJsonAsync(NodeJson.Default.ProblemMessage, cancellationToken);
            }
            catch (JsonException)
            {
                problem = null; // Not a problem detail after all; the status speaks.
            }
        }

        var code = problem?.Type?.StartsWith(Prefix, StringComparison.Ordinal) == true ? problem.Type[Prefix.Length..] : null;
        var text = problem?.Detail ?? problem?.Title ?? response.ReasonPhrase ?? "no reason given";
        var status = (int)response.StatusCode;
        return code switch
        {
            "device_unknown" or "device_revoked" => new NodeException(NodeError.DeviceUnknown, $"The hub at {Origin} does not know this device: it was revoked, or the hub was set up anew."),
            "code_invalid" => new NodeException(NodeError.CodeInvalid, "The code is wrong, was used already or has expired."),
            "already_enrolled" => new NodeException(NodeError.AlreadyEnrolled, "This device belongs to another account of that hub."),
            null when status is 404 or 405 or (>= 200 and < 400) => new NodeException(NodeError.NotAHub, $"{Origin} is no Bowline hub: it answered {status} {response.ReasonPhrase}."),
            _ when status >= 500 => new NodeException(NodeError.HubUnavailable, $"The hub at {Origin} cannot do this now: {text} ({status})"),
            _ => new NodeException(NodeError.HubRefused, $"The hub at {Origin} refused: {text} ({status})"),
        };
    }

    private Uri Address(string path) => new($"{Origin}/{path}");

    private static string Describe(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its name is not known.",
        HttpRequestError.ConnectionError => $"{Sentence(failure.InnerException?.Message ?? failure.Message)}",
        HttpRequestError.SecureConnectionError => $"its certificate was not accepted. {Sentence(failure.InnerException?.Message ?? failure.Message)}",
        _ => Sentence(failure.Message),
    };

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";
}
