using System.Net;
using System.Text;
using Bowline.Hub.Accounts;
using Bowline.Hub.Tests.Support;
using Bowline.Tunnel;

namespace Bowline.Hub.Tests.Content;

/// <summary>A hub, one linked node named <c>desk</c> with a service <c>web</c>, and a signed-in browser.</summary>
internal sealed class ContentFixture : IAsyncDisposable
{
    private ContentFixture(HubFixture hub, TestDevice device, TestNode node)
    {
        (Hub, Device, Node) = (hub, device, node);
        Session = hub.Get<SessionStore>().Create(hub.Get<AccountStore>().EnsureAdministrator().Id, "here", "browser");
        Cookies.Add(new Cookie(SessionCookie.Name, Session, "/", hub.App.Url.Host));
        Browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies });
        Script = hub.Operator();
    }

    public HubFixture Hub { get; }

    public TestDevice Device { get; }

    public TestNode Node { get; }

    public string Session { get; }

    /// <summary>Like a browser's: one host, whatever the port.</summary>
    public CookieContainer Cookies { get; } = new();

    /// <summary>A browser that is signed in at the console; follows nothing by itself.</summary>
    public HttpClient Browser { get; }

    /// <summary>A script with the operator's API token.</summary>
    public HttpClient Script { get; }

    public static async Task<ContentFixture> StartAsync(Action<HubOptions>? configure = null, Func<TunnelExchange, Task>? web = null)
    {
        var hub = await HubFixture.StartAsync(configure);
        var device = await hub.EnrolAsync();
        var node = await TestNode.StartAsync(hub, device);
        node.Map("web", web ?? EchoAsync);
        node.Map("other", EchoAsync);
        return new ContentFixture(hub, device, node);
    }

    /// <summary>Answers with what it was asked.</summary>
    public static async Task EchoAsync(TunnelExchange exchange)
    {
        var text = new StringBuilder().AppendLine($"{exchange.Method} {exchange.Path} {exchange.Caller.Kind}");
        foreach (var (name, value) in exchange.RequestHeaders)
        {
            text.AppendLine($"{name}: {value}");
        }

        var headers = new TunnelHeaders();
        headers.Add("Content-Type", "text/plain");
        exchange.StartResponse(200, headers, -1);
        await exchange.ResponseBody.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), exchange.Aborted);
    }

    /// <summary>Navigates like a browser that follows redirects; returns the last answer.</summary>
    public async Task<HttpResponseMessage> NavigateAsync(Uri address)
    {
        for (var hops = 0; hops < 6; hops++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("Sec-Fetch-Mode", "navigate");
            var response = await Browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            if (response.Headers.Location is not { } location)
            {
                return response;
            }

            address = new Uri(address, location);
            response.Dispose();
        }

        throw new InvalidOperationException("Too many redirects.");
    }

    public Uri Content(string path) => new(Hub.App.ContentUrl, path);

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        Script.Dispose();
        await Node.DisposeAsync();
        Device.Dispose();
        await Hub.DisposeAsync();
    }
}
