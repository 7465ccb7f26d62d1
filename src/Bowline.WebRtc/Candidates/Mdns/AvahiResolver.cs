using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bowline.WebRtc;

/// <summary>Asks Avahi over its Unix socket (its "simple protocol", one line each way), as libnss-mdns does. Without Avahi there is no answer.</summary>
internal sealed class AvahiResolver(string socketPath, TimeSpan limit, TimeProvider time) : IMdnsResolver
{
    /// <summary>For how long an IPv6 address waits for one of IPv4: a host answers for its own name within 10 ms (RFC 6762, section 6), the rest is for the network.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

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
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        var ipv4 = AskAsync("RESOLVE-HOSTNAME-IPV4 " + name, asking.Token);
        var ipv6 = AskAsync("RESOLVE-HOSTNAME-IPV6 " + name, asking.Token);
        try
        {
            var address = await ChooseAsync(ipv4, ipv6).ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
            return address;
        }
        finally
        {
            await asking.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll((Task)ipv4, ipv6).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads <c>+ interface protocol name address</c>; anything else is no answer.</summary>
    internal static IPAddress? ReadAnswer(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts is ["+", _, _, _, var address, ..] && IPAddress.TryParse(address, out var parsed) ? parsed : null;
    }

    /// <summary>IPv4 where both are found. That there is none Avahi says only after a timeout longer than ours, so an IPv6 address waits no longer than the grace.</summary>
    private async Task<IPAddress?> ChooseAsync(Task<IPAddress?> ipv4, Task<IPAddress?> ipv6)
    {
        if (await Task.WhenAny(ipv4, ipv6).ConfigureAwait(false) == ipv4)
        {
            return await ipv4.ConfigureAwait(false) ?? await ipv6.ConfigureAwait(false);
        }

        if (await ipv6.ConfigureAwait(false) is not { } second)
        {
            return await ipv4.ConfigureAwait(false);
        }

        await ((Task)ipv4).WaitAsync(Grace, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ipv4.IsCompleted ? await ipv4.ConfigureAwait(false) ?? second : second;
    }

    /// <summary>The address in the answer; null when there is none, or no whole line until it is cancelled.</summary>
    private async Task<IPAddress?> AskAsync(string question, CancellationToken cancel)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel).ConfigureAwait(false);
            await socket.SendAsync(Encoding.ASCII.GetBytes(question + "\n"), cancel).ConfigureAwait(false);
            var answer = new byte[LongestAnswer];
            var length = 0;
            while (length < answer.Length && await socket.ReceiveAsync(answer.AsMemory(length), cancel).ConfigureAwait(false) is > 0 and var read)
            {
                length += read;
                if (answer.AsSpan(0, length).IndexOf((byte)'\n') is >= 0 and var end)
                {
                    return ReadAnswer(Encoding.ASCII.GetString(answer, 0, end));
                }
            }

            return null; // Cut off: what there is of the address may be another address.
        }
        catch (SocketException)
        {
            return null; // Avahi has just stopped, or does not let us, or there is no descriptor left.
        }
        catch (OperationCanceledException)
        {
            return null; // No answer in time is as good as none.
        }
    }
}
