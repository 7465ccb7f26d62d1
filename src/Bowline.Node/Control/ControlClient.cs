using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Bowline.Node.Control;

/// <summary>Talks to the node that runs on a folder. Every failure is a <see cref="NodeException"/>.</summary>
public sealed class ControlClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly NodeFolder _folder;

    /// <summary>Makes a client; connects at the first call.</summary>
    public ControlClient(NodeFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _folder = folder;
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = new Uri("http://node"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The node's status.</summary>
    public async Task<NodeStatus> StatusAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/status"), cancellationToken);
        return (await response.Content.ReadFromJsonAsync(NodeJson.Default.NodeStatus, cancellationToken))!;
    }

    /// <summary>
    /// Exposes a service and yields the node's reports: first the service, then its exchanges. The service goes away when the
    /// enumeration ends, unless it is kept.
    /// </summary>
    /// <exception cref="NodeException">The service could not be exposed, or was taken away: removed, or replaced by another command.</exception>
    public async IAsyncEnumerable<ExposeLine> ExposeAsync(ExposeRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "/services") { Content = JsonContent.Create(request, NodeJson.Default.ExposeRequest) };
        using var response = await SendAsync(message, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await ReadLineAsync(lines, cancellationToken) is { } line)
        {
            var said = JsonSerializer.Deserialize(line, NodeJson.Default.ExposeLine)!;
            yield return said.Ended is null ? said : throw new NodeException(NodeError.ServiceConflict, said.Ended);
        }
    }

    /// <summary>Stops exposing a service, kept or not.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/services/{Uri.EscapeDataString(name)}"), cancellationToken);
    }

    /// <summary>Leaves the hub; the node's process ends.</summary>
    public async Task<LeaveResult> LeaveAsync(bool evenIfUnreachable, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Post, evenIfUnreachable ? "/leave?force" : "/leave"), cancellationToken);
        return (await response.Content.ReadFromJsonAsync(NodeJson.Default.LeaveResult, cancellationToken))!;
    }

    /// <summary>Ends the node's process.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/stop"), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<string?> ReadLineAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw new NodeException(NodeError.NotRunning, "The node ended.", failure);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        using (request)
        {
            try
            {
                response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            }
            catch (HttpRequestException failure)
            {
                throw failure.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied }
                    ? new NodeException(NodeError.FolderUnusable, $"The node's control socket {_folder.ControlSocket} belongs to another user.", failure)
                    : new NodeException(NodeError.NotRunning, $"No node runs on {_folder.Root}.", failure);
            }
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? await response.Content.ReadFromJsonAsync(NodeJson.Default.ProblemMessage, cancellationToken)
                : null;
            throw new NodeException(
                NodeProblem.Parse(problem?.Type) ?? NodeError.HubUnavailable,
                problem?.Detail ?? $"The node answered {(int)response.StatusCode}.");
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder.ControlSocket), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
