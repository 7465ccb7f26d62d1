using System.Net.Http.Json;
using System.Text.Json;
using Bowline.Core.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Tests.Support;

/// <summary>A real hub with its own data folder, its own nats-server and free ports.</summary>
internal sealed class HubFixture : IAsyncDisposable
{
    private HubFixture(string folder, HubApp app, ManualTime time, LoggedErrors errors)
    {
        Errors = errors;
        Folder = folder;
        App = app;
        Time = time;
        Http = Client();
    }

    /// <summary>Everything it logged as an error.</summary>
    public LoggedErrors Errors { get; }

    public string Folder { get; }

    public HubApp App { get; }

    /// <summary>System time plus whatever a test added.</summary>
    public ManualTime Time { get; }

    /// <summary>A client without any credential.</summary>
    public HttpClient Http { get; }

    public static async Task<HubFixture> StartAsync(Action<HubOptions>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("bowline-hub-").FullName;
        try
        {
            return await StartAsync(folder, configure);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A hub on a folder that an earlier one may have used.</summary>
    public static async Task<HubFixture> StartAsync(string folder, Action<HubOptions>? configure)
    {
        var time = new ManualTime();
        var errors = new LoggedErrors();
        var app = HubApp.Create(Options(folder, configure), time, b => b.Logging.ClearProviders().AddProvider(errors));
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new HubFixture(folder, app, time, errors);
    }

    public static HubOptions Options(string folder, Action<HubOptions>? configure = null)
    {
        var options = new HubOptions { DataFolder = folder, Name = "test hub", ContentPort = 0 };
        options.Listen.Port = 0;
        configure?.Invoke(options);
        return options;
    }

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public HttpClient Client(bool cookies = false) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = cookies }) { BaseAddress = App.Url };

    /// <summary>A client with the token of this machine's operator.</summary>
    public HttpClient Operator()
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", File.ReadAllText(App.TokenFile).Trim());
        return client;
    }

    public async Task<string> InviteAsync()
    {
        using var client = Operator();
        using var response = await client.PostAsync("/api/invites", null, TestContext.Current.CancellationToken);
        return (await JsonAsync(response)).GetProperty("code").GetString()!;
    }

    /// <summary>Enrols a new device.</summary>
    public async Task<TestDevice> EnrolAsync(string machineName = "desk")
    {
        var device = new TestDevice(this, DeviceKey.Create());
        using var response = await device.EnrolAsync(await InviteAsync(), machineName);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return device;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    /// <summary>Asserts a problem of this status and code.</summary>
    public static async Task IsProblemAsync(HttpResponseMessage response, int status, string code)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await JsonAsync(response);
        Assert.Equal("urn:bowline:hub:" + code, problem.GetProperty("type").GetString());
        Assert.Equal(status, (int)response.StatusCode);
    }

    /// <summary>Stops the hub and keeps its folder, for another one to start on.</summary>
    public async Task StopAsync()
    {
        Http.Dispose();
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
