using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Bowline.Relay.Tests.Wire;

public sealed class InformationTests
{
    [Fact]
    public async Task The_document_tells_the_limits_that_are_enforced()
    {
        await using var relay = await TestRelay.StartAsync(configure: static options =>
        {
            options.Name = "name \"x\"";
            options.MinimumDifficulty = 7;
            options.Limits = new() { MessageBytes = 2048, Subscriptions = 3, Filters = 4, Limit = 5, SubscriptionIdLength = 6, Tags = 8, ContentBytes = 9, CreatedAhead = TimeSpan.FromSeconds(10), Strikes = 11, EventsPerAddress = null };
            options.Access = new() { AuthenticationRequired = true };
        });
        using var document = JsonDocument.Parse(await GetAsync(relay, "application/nostr+json"));
        var root = document.RootElement;
        Assert.Equal("name \"x\"", root.GetProperty("name").GetString());
        Assert.Equal(relay.Server.PublicKey.ToString(), root.GetProperty("self").GetString());
        Assert.Equal([1, 9, 11, 13, 40, 42, 45, 70], root.GetProperty("supported_nips").EnumerateArray().Select(static nip => nip.GetInt32()));
        var limitation = root.GetProperty("limitation");
        (string Name, int Value)[] expected =
        [
            ("max_message_length", 2048), ("max_subscriptions", 3), ("max_filters", 4), ("max_limit", 5), ("default_limit", 5),
            ("max_subid_length", 6), ("min_pow_difficulty", 7), ("max_event_tags", 8), ("max_content_length", 9), ("created_at_upper_limit", 10),
        ];
        Assert.All(expected, pair => Assert.Equal(pair.Value, limitation.GetProperty(pair.Name).GetInt32()));
        Assert.True(limitation.GetProperty("auth_required").GetBoolean());
        Assert.True(limitation.GetProperty("restricted_writes").GetBoolean());
        var own = root.GetProperty("bowline");
        Assert.Equal(1, own.GetProperty("presence").GetInt32());
        Assert.Equal(11, own.GetProperty("limits").GetProperty("strikes").GetInt32());
        Assert.Equal(100, own.GetProperty("limits").GetProperty("events_per_connection").GetProperty("per_second").GetDouble());
        Assert.False(own.GetProperty("limits").TryGetProperty("events_per_address", out _));
    }

    [Fact]
    public async Task Every_limit_is_advertised()
    {
        await using var relay = await TestRelay.StartAsync(new MemoryStore { SupportsSearch = true });
        using var document = JsonDocument.Parse(await GetAsync(relay, "application/nostr+json"));
        Assert.Contains(50, document.RootElement.GetProperty("supported_nips").EnumerateArray().Select(static nip => nip.GetInt32()));

        // The names of NIP-11 are its own; ours are those of the options.
        HashSet<string> named = ["MessageBytes", "Subscriptions", "SubscriptionIdLength", "Filters", "Limit", "Tags", "ContentBytes", "CreatedAhead"];
        var own = document.RootElement.GetProperty("bowline").GetProperty("limits").EnumerateObject().Select(static property => property.Name.Replace("_", "", StringComparison.Ordinal)).ToList();
        var missing = typeof(RelayLimits).GetProperties().Select(static property => property.Name)
            .Where(name => name != "EqualityContract" && !named.Contains(name) && !own.Exists(property => property.StartsWith(name, StringComparison.OrdinalIgnoreCase)));
        Assert.Empty(missing);
    }

    [Fact]
    public async Task A_browser_gets_a_text_and_any_site_may_ask()
    {
        await using var relay = await TestRelay.StartAsync();
        Assert.Contains("Nostr relay", await GetAsync(relay, "text/html"), StringComparison.Ordinal);
        using var http = new HttpClient();
        using var preflight = await http.SendAsync(new HttpRequestMessage(HttpMethod.Options, relay.Http));
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("*", preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using var post = await http.PostAsync(relay.Http, null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    private static async Task<string> GetAsync(TestRelay relay, string accept)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, relay.Http);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        return await response.Content.ReadAsStringAsync();
    }
}
