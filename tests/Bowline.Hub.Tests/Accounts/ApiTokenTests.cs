using System.Net;
using System.Net.Http.Json;
using Bowline.Hub.Accounts;
using Bowline.Hub.Tests.Support;

namespace Bowline.Hub.Tests.Accounts;

public sealed class ApiTokenTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_operator_of_this_machine_has_a_token_in_a_private_file()
    {
        await using var hub = await HubFixture.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(hub.App.TokenFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(hub.Folder, "hub.db")));
        using var client = hub.Operator();
        using var links = await client.PostAsync("/api/login/links", null, Token);
        Assert.Contains("/login#", (await HubFixture.JsonAsync(links)).GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_does_what_its_scopes_say_and_no_more()
    {
        await using var hub = await HubFixture.StartAsync();
        using var reader = await ClientWithAsync(hub, "read");
        using var account = await reader.GetAsync("/api/account", Token);
        Assert.Equal(HttpStatusCode.OK, account.StatusCode);
        using var invite = await reader.PostAsync("/api/invites", null, Token);
        await HubFixture.IsProblemAsync(invite, 403, "forbidden");
        using var audit = await reader.GetAsync("/api/audit", Token);
        await HubFixture.IsProblemAsync(audit, 403, "forbidden");
    }

    [Fact]
    public async Task A_revoked_an_expired_and_an_altered_token_are_refused_alike()
    {
        await using var hub = await HubFixture.StartAsync();
        var tokens = hub.Get<ApiTokenStore>();
        var admin = hub.Get<AccountStore>().EnsureAdministrator().Id;
        var (revoked, revokedText) = tokens.Create(admin, "a", Scopes.Read, expiresAt: null);
        var (_, expired) = tokens.Create(admin, "b", Scopes.Read, hub.Time.GetUtcNow().AddDays(1));
        var (_, altered) = tokens.Create(admin, "c", Scopes.Read, expiresAt: null);
        Assert.True(tokens.Revoke(admin, revoked.Id));
        hub.Time.Advance(TimeSpan.FromDays(1));
        foreach (var text in new[] { revokedText, expired, altered + "x", "bwl_", "bwl__", "bwl_" + revoked.Id, "nothing" })
        {
            using var client = hub.Client();
            client.DefaultRequestHeaders.Authorization = new("Bearer", text);
            using var response = await client.GetAsync("/api/account", Token);
            await HubFixture.IsProblemAsync(response, 401, "token_invalid");
        }
    }

    [Theory]
    [InlineData("read,run", Scopes.Read | Scopes.Run)]
    [InlineData(" admin ", Scopes.Admin)]
    [InlineData("read,everything", Scopes.None)]
    [InlineData("", Scopes.None)]
    internal void Scopes_are_read_strictly(string text, Scopes expected) => Assert.Equal(expected, ApiTokenStore.FromText(text));

    [Fact]
    public async Task No_secret_is_found_in_the_database()
    {
        await using var hub = await HubFixture.StartAsync();
        var code = await hub.InviteAsync();
        var link = hub.App.NewLoginLink().Fragment[1..];
        var token = (await File.ReadAllTextAsync(hub.App.TokenFile, Token)).Trim();
        var files = Directory.GetFiles(hub.Folder, "hub.db*").Select(f =>
        {
            using var stream = new FileStream(f, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            return reader.ReadToEnd();
        });
        foreach (var secret in new[] { code, code.Replace("-", "", StringComparison.Ordinal), link, token, token[(token.LastIndexOf('_') + 1)..] })
        {
            Assert.DoesNotContain(files, f => f.Contains(secret, StringComparison.Ordinal));
        }
    }

    private static async Task<HttpClient> ClientWithAsync(HubFixture hub, string scopes)
    {
        using var op = hub.Operator();
        using var response = await op.PostAsJsonAsync("/api/tokens", new { name = "test", scopes, days = 1 }, Token);
        var client = hub.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await HubFixture.JsonAsync(response)).GetProperty("secret").GetString());
        return client;
    }
}
