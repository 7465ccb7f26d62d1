using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Bowline.Hub.Accounts;
using Bowline.Hub.Audit;
using Bowline.Hub.Tests.Support;

namespace Bowline.Hub.Tests.Accounts;

public sealed class LoginTests
{
    private const string Password = "correct horse battery";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_login_by_link_sets_a_password_and_works_once()
    {
        await using var hub = await HubFixture.StartAsync();
        var token = LinkToken(hub);
        using var client = hub.Client(cookies: true);
        using (var without = await client.PostAsJsonAsync("/api/login/link", new { token }, Token))
        {
            await HubFixture.IsProblemAsync(without, 409, "password_required");
        }

        using (var first = await client.PostAsJsonAsync("/api/login/link", new { token, password = Password }, Token))
        {
            Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
            var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        }

        using (var account = await client.GetAsync("/api/account", Token))
        {
            Assert.Equal("admin", (await HubFixture.JsonAsync(account)).GetProperty("name").GetString());
        }

        using var again = await hub.Http.PostAsJsonAsync("/api/login/link", new { token, password = Password }, Token);
        await HubFixture.IsProblemAsync(again, 401, "login_link_invalid");
        Assert.Contains(hub.Get<AuditLog>().Read(10), e => e is { Action: "login", Actor: "admin" });
    }

    [Fact]
    public async Task A_login_link_expires()
    {
        await using var hub = await HubFixture.StartAsync();
        var token = LinkToken(hub);
        hub.Time.Advance(LoginLinks.Life);
        using var response = await hub.Http.PostAsJsonAsync("/api/login/link", new { token, password = Password }, Token);
        await HubFixture.IsProblemAsync(response, 401, "login_link_invalid");
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer_in_the_same_time()
    {
        await using var hub = await SignedUpAsync();
        var wrong = await TimedAsync(hub, "admin", "not the password");
        var unknown = await TimedAsync(hub, "nobody", "not the password");
        Assert.Equal(wrong.Body, unknown.Body);

        // Both derive a key; a missing derivation would be a hundred times faster.
        Assert.InRange(unknown.Seconds / wrong.Seconds, 0.1, 10);
    }

    [Fact]
    public async Task A_right_password_signs_in_and_the_session_can_be_revoked()
    {
        await using var hub = await SignedUpAsync();
        using var client = hub.Client(cookies: true);
        using (var login = await client.PostAsJsonAsync("/api/login", new { name = "ADMIN", password = Password }, Token))
        {
            Assert.Equal(HttpStatusCode.NoContent, login.StatusCode);
        }

        client.DefaultRequestHeaders.Add("Origin", hub.App.Url.GetLeftPart(UriPartial.Authority));
        using var sessions = await client.GetAsync("/api/sessions", Token);
        foreach (var session in (await HubFixture.JsonAsync(sessions)).EnumerateArray())
        {
            using var _ = await client.DeleteAsync("/api/sessions/" + session.GetProperty("id").GetString(), Token);
        }

        using var after = await client.GetAsync("/api/account", Token);
        await HubFixture.IsProblemAsync(after, 401, "unauthenticated");
    }

    [Fact]
    public async Task A_session_ends_after_thirty_idle_days()
    {
        await using var hub = await SignedUpAsync();
        var secret = hub.Get<SessionStore>().Create(hub.Get<AccountStore>().EnsureAdministrator().Id, "here", "browser");
        hub.Time.Advance(TimeSpan.FromDays(29));
        Assert.NotNull(hub.Get<SessionStore>().Find(secret));
        hub.Time.Advance(TimeSpan.FromDays(29));
        Assert.NotNull(hub.Get<SessionStore>().Find(secret));
        hub.Time.Advance(TimeSpan.FromDays(30));
        Assert.Null(hub.Get<SessionStore>().Find(secret));
    }

    [Fact]
    public async Task Logins_are_limited_per_account_and_recover_with_time()
    {
        await using var hub = await HubFixture.StartAsync();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 11; i++)
        {
            using var response = await hub.Http.PostAsJsonAsync("/api/login", new { name = "victim", password = "x" }, Token);
            statuses.Add(response.StatusCode);
        }

        Assert.All(statuses.Take(10), s => Assert.Equal(HttpStatusCode.Unauthorized, s));
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[10]);
        hub.Time.Advance(TimeSpan.FromMinutes(1));
        using var later = await hub.Http.PostAsJsonAsync("/api/login", new { name = "victim", password = "x" }, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, later.StatusCode);
    }

    [Fact]
    public async Task Logins_are_limited_per_address_and_say_when_to_come_back()
    {
        await using var hub = await HubFixture.StartAsync();
        HttpResponseMessage? last = null;
        for (var i = 0; i < 21; i++)
        {
            last?.Dispose();
            last = await hub.Http.PostAsJsonAsync("/api/login/link", new { token = "guess" + i }, Token);
        }

        using (last)
        {
            await HubFixture.IsProblemAsync(last!, 429, "too_many");
            Assert.True(last!.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }
    }

    [Fact]
    public async Task The_login_form_works_without_a_script()
    {
        await using var hub = await SignedUpAsync();
        using var page = await hub.Http.GetAsync("/login", Token);
        Assert.Contains("<form", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var wrong = await hub.Http.PostAsync("/login", new FormUrlEncodedContent([new("name", "admin"), new("password", "wrong")]), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Contains("did not work", await wrong.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var right = await hub.Http.PostAsync("/login", new FormUrlEncodedContent([new("name", "admin"), new("password", Password)]), Token);
        Assert.Equal("/", right.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/open/desk/web?to=%2Fx%3Fa%3D1", true)]
    [InlineData("//evil.example/", false)]
    [InlineData(@"/\evil.example/", false)]
    [InlineData("https://evil.example/", false)]
    [InlineData("javascript:alert(1)", false)]
    public async Task The_login_returns_to_a_path_of_this_origin_only(string to, bool returns)
    {
        await using var hub = await SignedUpAsync();
        using var page = await hub.Http.GetAsync("/login?to=" + Uri.EscapeDataString(to), Token);
        Assert.Equal(returns, (await page.Content.ReadAsStringAsync(Token)).Contains($"name=\"to\" type=\"hidden\" value=\"{to}\"", StringComparison.Ordinal));
        using var done = await hub.Http.PostAsync("/login", new FormUrlEncodedContent([new("name", "admin"), new("password", Password), new("to", to)]), Token);
        Assert.True(done.Headers.Contains("Set-Cookie"));
        Assert.Equal(returns ? null : "/", done.Headers.Location?.OriginalString);
        Assert.Equal(returns, (await done.Content.ReadAsStringAsync(Token)).Contains($"content=\"0;url={to}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_that_still_needs_a_password_keeps_the_way_back()
    {
        await using var hub = await HubFixture.StartAsync();
        using var asked = await hub.Http.PostAsync("/login", new FormUrlEncodedContent([new("token", LinkToken(hub)), new("to", "/open/desk/web")]), Token);
        Assert.StartsWith("/login?password=required&to=%2Fopen%2Fdesk%2Fweb#", asked.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    private static string LinkToken(HubFixture hub) => hub.App.NewLoginLink().Fragment[1..];

    private static async Task<HubFixture> SignedUpAsync()
    {
        var hub = await HubFixture.StartAsync();
        hub.Get<AccountStore>().SetPassword(hub.Get<AccountStore>().EnsureAdministrator().Id, Password);
        return hub;
    }

    private static async Task<(string Body, double Seconds)> TimedAsync(HubFixture hub, string name, string password)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var response = await hub.Http.PostAsJsonAsync("/api/login", new { name, password }, Token);
        var body = await HubFixture.JsonAsync(response);
        return (JsonSerializer.Serialize(new { type = body.GetProperty("type").GetString(), title = body.GetProperty("title").GetString(), status = (int)response.StatusCode }), TimeProvider.System.GetElapsedTime(start).TotalSeconds);
    }
}
