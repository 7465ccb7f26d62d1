using System.Net;
using System.Net.Sockets;
using Bowline.WebRtc.Tests.Delivery;

namespace Bowline.WebRtc.Tests.Peers;

/// <summary>The end of a connection: what it gives back, whom it tells, and what is answered afterwards.</summary>
public sealed class DisposalTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task When_a_connection_is_disposed_its_ports_are_free()
    {
        var port = FreePort();
        for (var i = 0; i < 20; i++)
        {
            var connection = PeerConnection.Create(PeerPair.Loopback with { Ports = (port, port) });
            Assert.Contains($" {port} typ host", (await connection.CreateOfferAsync()).Sdp, StringComparison.Ordinal);
            await Task.WhenAll(connection.DisposeAsync().AsTask(), connection.DisposeAsync().AsTask());
            using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
        }
    }

    [Fact]
    public async Task Calls_on_a_connection_that_is_closed_or_closes_meanwhile_say_so()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = PeerConnection.Create(PeerPair.Loopback with
        {
            IceServers = [IceServer.Parse("stun:stun.lab.test")],
            ResolveHost = async (_, cancel) =>
            {
                asked.SetResult();
                await Task.Delay(Timeout.Infinite, cancel);
                return [];
            },
        });
        var first = connection.CreateOfferAsync();
        var second = connection.SetRemoteDescriptionAsync(new(SessionDescriptionType.Offer, ""));
        await asked.Task.WaitAsync(Limit);
        await connection.DisposeAsync();
        foreach (var call in (Task[])[first, second, connection.CreateOfferAsync(), connection.RollbackAsync()])
        {
            Assert.Equal(WebRtcError.Closed, (await Assert.ThrowsAsync<WebRtcException>(() => call.WaitAsync(Limit))).Error);
        }
    }

    [Fact]
    public async Task A_question_to_a_name_server_that_cannot_be_called_back_keeps_nobody_waiting()
    {
        var answer = new TaskCompletionSource<IPAddress[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = PeerConnection.Create(PeerPair.Loopback with { IceServers = [IceServer.Parse("stun:stun.lab.test")], ResolveHost = (_, _) => answer.Task });
        using var cancel = new CancellationTokenSource();
        var given = connection.CreateOfferAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(Limit));
        var offer = connection.CreateOfferAsync();
        await connection.DisposeAsync().AsTask().WaitAsync(Limit);
        Assert.Equal(WebRtcError.Closed, (await Assert.ThrowsAsync<WebRtcException>(() => offer.WaitAsync(Limit))).Error);
        answer.SetException(new SocketException()); // Which nobody hears.
    }

    [Fact]
    public async Task The_other_side_is_told_also_when_it_was_suspected()
    {
        var (pair, left, _) = await PeerPair.ConnectAsync();
        await using var __ = pair;
        await using var silent = await SilentPath.MuteAsync(pair.Answerer);
        pair.Offerer.SetSuspect(isSuspect: true);
        await left.SendTextAsync("the packet of this second");
        await pair.Offerer.DisposeAsync();
        await ChannelTests.WaitUntilAsync(() => pair.Answerer.Status.State == PeerConnectionState.Closed);
    }

    [Fact]
    public async Task The_same_address_again_does_not_count()
    {
        await using var pair = PeerPair.Create();
        var left = pair.Offerer.CreateDataChannel("test");
        await pair.NegotiateAsync();
        await left.WaitForOpenAsync().WaitAsync(Limit);
        for (var i = 0; i < 3 * IceGeneration.MostRemote; i++)
        {
            await pair.Offerer.AddIceCandidateAsync(new($"candidate:{i % 50} 1 udp 1 192.0.2.{i % 50 + 1} 4000 typ host", "0", 0, null));
        }
    }

    private static int FreePort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
