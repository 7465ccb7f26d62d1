using Bowline.Bench.Load.Processes;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>A way to reach the target app: who, through which client, at which address, and whose CPU and memory it costs.</summary>
internal sealed record HttpSide(string Name, HttpMessageInvoker Client, Uri Url, ChildProcess Server, ChildProcess[] Helpers) : IAsyncDisposable
{
    public CpuMeter Meter { get; } = Helpers.Length == 0
        ? new CpuMeter(CpuMeter.Self(), CpuMeter.Of("server", Server))
        : new CpuMeter(CpuMeter.Self(), CpuMeter.Of("server", Server), CpuMeter.Of("helper", Helpers));

    /// <summary>What the client stands on, in the order it was made.</summary>
    public IReadOnlyList<IAsyncDisposable> Owned { get; init; } = [];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var owned in Owned.Reverse())
        {
            await owned.DisposeAsync();
        }
    }

    /// <summary>A keep-alive client on plain sockets, as many connections as there are requests.</summary>
    public static HttpMessageInvoker Sockets()
        => new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    public async ValueTask SmallAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, "/small"));
        using var response = await Client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (body.Length is not 13)
        {
            throw new InvalidDataException($"{Name} answered {body.Length} bytes");
        }
    }
}
