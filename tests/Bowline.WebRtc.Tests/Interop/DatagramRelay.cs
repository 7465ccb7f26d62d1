using System.Net;
using System.Net.Sockets;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>Stands between two peers on 127.0.0.1, each of which takes it for the other one, and loses a share of the datagrams that hold DTLS application data.</summary>
internal sealed class DatagramRelay : IAsyncDisposable
{
    private const byte ApplicationData = 23;

    private readonly CancellationTokenSource _stop = new();
    private readonly Side[] _sides;
    private readonly Task[] _carriers;

    public DatagramRelay(PeerProcess one, PeerProcess other)
    {
        _sides = [new(one, seed: 1), new(other, seed: 2)];
        _carriers = [CarryAsync(_sides[0], _sides[1]), CarryAsync(_sides[1], _sides[0])];
    }

    /// <summary>Loses a share, of 1, of what a peer sends from now on.</summary>
    public void Lose(PeerProcess peer, double share) => Volatile.Write(ref SideOf(peer).Loss, share);

    /// <summary>How many datagrams of a peer were lost.</summary>
    public int LostOf(PeerProcess peer) => Volatile.Read(ref SideOf(peer).Lost);

    /// <summary>What the other side is told in place of a line of a description or a candidate: of all addresses the relay's alone.</summary>
    public string? Change(PeerProcess from, string line)
    {
        if (!line.Contains("candidate:", StringComparison.Ordinal))
        {
            return line;
        }

        Assert.True(CandidateLine.TryParse(line, out var candidate, out _));
        if (!candidate.IsUdp || candidate.Address != "127.0.0.1")
        {
            return null;
        }

        var side = SideOf(from);
        Volatile.Write(ref side.Address, new IPEndPoint(IPAddress.Loopback, candidate.Port));
        var changed = candidate with { Port = ((IPEndPoint)side.Socket.LocalEndPoint!).Port };
        return line.StartsWith("a=", StringComparison.Ordinal) ? $"a={changed}" : changed.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_carriers);
        _sides[0].Socket.Dispose();
        _sides[1].Socket.Dispose();
        _stop.Dispose();
    }

    private Side SideOf(PeerProcess peer) => _sides.Single(side => side.Peer == peer);

    /// <summary>What comes to the other side's socket was sent by the peer that takes it for the other side.</summary>
    private async Task CarryAsync(Side from, Side to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var received = await to.Socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                Interlocked.CompareExchange(ref from.Address, (IPEndPoint)received.RemoteEndPoint, null); // It may come before its candidate.
                if (!received.RemoteEndPoint.Equals(Volatile.Read(ref from.Address)) || Volatile.Read(ref to.Address) is not { } address)
                {
                    continue;
                }

                if (buffer[0] == ApplicationData && from.Draws.NextDouble() < Volatile.Read(ref from.Loss))
                {
                    Interlocked.Increment(ref from.Lost);
                    continue;
                }

                await from.Socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), address, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>One of the two peers.</summary>
    private sealed class Side
    {
        public IPEndPoint? Address;
        public int Lost;
        public double Loss;

        public Side(PeerProcess peer, int seed)
        {
            (Peer, Draws) = (peer, new(seed));
            Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        public PeerProcess Peer { get; }

        public Random Draws { get; }

        /// <summary>The peer's address as the other side sees it.</summary>
        public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
    }
}
