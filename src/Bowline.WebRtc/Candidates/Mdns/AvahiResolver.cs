using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bowline.WebRtc;

/// <summary>Asks Avahi over its Unix socket (its "simple protocol", one line each way), as libnss-mdns does. Without Avahi there is no answer.</summary>
internal sealed class AvahiResolver(string socketPath, TimeSpan limit, TimeProvider time) : IMdnsResolver
{
    private const int LongestAnswer = 1024;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    internal static AvahiResolver Shared { get; } = new("/run/avahi-daemon/socket", TimeSpan.FromSeconds(2), TimeProvider.System);

    /// <summary>Only such a name is asked for: a line break in it would be a command of its own.</summary>
    internal static bool IsName(string name) =>
        name.Length is > 6 and <= 255 && name.EndsWith(".local", StringComparison.OrdinalIgnoreCase) && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    public async ValueTask<IPAddress?> ResolveAsync(string name, CancellationToken cancel)
    {
        if (!IsName(name) || !File.Exists(socketPath))
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            return await AskAsync("RESOLVE-HOSTNAME-IPV4 " + name, both.Token).ConfigureAwait(false)
                ?? await AskAsync("RESOLVE-HOSTNAME-IPV6 " + name, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null; // No answer in time is as good as none.
        }
    }

    /// <summary>Reads <c>+ interface protocol name address</c>; anything else is no answer.</summary>
    internal static IPAddress? ReadAnswer(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts is ["+", _, _, _, var address, ..] && IPAddress.TryParse(address, out var parsed) ? parsed : null;
    }

    private async Task<IPAddress?> AskAsync(string question, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel).ConfigureAwait(false);
            await socket.SendAsync(Encoding.ASCII.GetBytes(question + "\n"), cancel).ConfigureAwait(false);
            var answer = new byte[LongestAnswer];
            var length = 0;
            while (length < answer.Length && answer.AsSpan(0, length).IndexOf((byte)'\n') < 0)
            {
                var read = await socket.ReceiveAsync(answer.AsMemory(length), cancel).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }

            return ReadAnswer(Encoding.ASCII.GetString(answer, 0, length));
        }
        catch (SocketException)
        {
            return null; // Avahi has just stopped, or does not let us.
        }
    }
}
