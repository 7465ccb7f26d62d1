using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Bowline.WebRtc.Tests.Ice;

public sealed class DirectSocketTests
{
    private const int LevelUdp = 17;
    private const int JoinReceived = 104; // UDP_GRO

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Datagrams_arrive_one_by_one_and_leave_from_the_socket_that_is_given(string address)
    {
        using var sender = Bind(address);
        using var receiver = Bind(address);
        using var direct = Open(sender, receiver.LocalEndPoint!);
        var bytes = Pattern((DirectSocket.MostDatagrams * IDatagramPath.LongestDatagram) - 7);
        Assert.Equal(DirectResult.Sent, direct.Send(bytes, IDatagramPath.LongestDatagram));
        var received = new List<byte>();
        var buffer = new byte[64 * 1024];
        for (var i = 0; i < DirectSocket.MostDatagrams; i++)
        {
            EndPoint from = new IPEndPoint(receiver.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
            var length = receiver.ReceiveFrom(buffer, ref from);
            Assert.Equal(sender.LocalEndPoint, from);
            Assert.Equal(i < DirectSocket.MostDatagrams - 1 ? IDatagramPath.LongestDatagram : IDatagramPath.LongestDatagram - 7, length);
            received.AddRange(buffer[..length]);
        }

        Assert.Equal(bytes, received);
    }

    [Fact]
    public void They_leave_with_one_call()
    {
        using var sender = Bind("127.0.0.1");
        using var receiver = Bind("127.0.0.1");
        receiver.SetRawSocketOption(LevelUdp, JoinReceived, BitConverter.GetBytes(1)); // What came as one is read as one.
        using var direct = Open(sender, receiver.LocalEndPoint!);
        var bytes = Pattern(20_300);
        Assert.Equal(DirectResult.Sent, direct.Send(bytes, 1000));
        var buffer = new byte[64 * 1024];
        Assert.Equal(bytes, buffer[..receiver.Receive(buffer)]);
    }

    [Fact]
    public void After_a_refusal_a_thousand_runs_go_one_by_one_and_single_datagrams_as_before()
    {
        using var sender = Bind("127.0.0.1");
        using var receiver = Bind("127.0.0.1");
        using var direct = Open(sender, receiver.LocalEndPoint!);
        Assert.Equal(DirectResult.Refused, direct.Send(new byte[60_000], 10)); // 6,000 datagrams in one call.
        Assert.Equal(DirectResult.Sent, direct.Send(new byte[10], 10));
        for (var i = 0; i < DirectSocket.Pause; i++)
        {
            Assert.Equal(DirectResult.Refused, direct.Send(new byte[20], 10));
        }

        Assert.Equal(10, receiver.Receive(new byte[100]));
        Assert.Equal(0, receiver.Available); // Nothing but the single one has left.
        Assert.Equal(DirectResult.Sent, direct.Send(new byte[20], 10));
        Assert.Equal(10, receiver.Receive(new byte[100]));
        Assert.Equal(10, receiver.Receive(new byte[100]));
    }

    [Fact]
    public void A_socket_that_does_not_know_runs_is_left_to_libnice()
    {
        // One of TCP knows them as little as one of UDP before Linux 4.18.
        using var stream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Null(DirectSocket.TryCreate((int)stream.Handle, remote: 0));
        using var datagrams = Bind("127.0.0.1");
        Assert.True(LibcSockets.KnowsSegments((int)datagrams.Handle));
    }

    [Fact]
    public void A_single_datagram_that_is_refused_says_nothing_about_runs()
    {
        using var sender = Bind("127.0.0.1");
        using var direct = Open(sender, new IPEndPoint(IPAddress.Parse("127.255.255.255"), 5000));
        Assert.Equal(DirectResult.Refused, direct.Send(new byte[10], 10)); // EACCES: a broadcast, which this socket may not send yet.
        sender.EnableBroadcast = true;
        Assert.Equal(DirectResult.Sent, direct.Send(new byte[20], 10));
    }

    [Fact]
    public void With_a_full_send_buffer_datagrams_are_lost()
    {
        // Of datagrams between processes of one machine the kernel counts what is not read yet against the sender, so this buffer can be filled.
        using var receiver = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var name = new UnixDomainSocketEndPoint(string.Create(null, $"\0bowline-{Environment.ProcessId}-{Guid.NewGuid():n}"));
        receiver.Bind(name);
        using var sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        using var direct = Open(sender, name);
        var results = Enumerable.Range(0, 10_000).Select(_ => direct.Send(new byte[1000], 1000)).TakeWhile(static result => result == DirectResult.Sent).Count();
        Assert.InRange(results, 1, 9_999);
        Assert.Equal(DirectResult.Dropped, direct.Send(new byte[1000], 1000));
    }

    [Fact]
    public void It_keeps_the_socket_for_itself_until_it_is_disposed()
    {
        using var receiver = Bind("127.0.0.1");
        var sender = Bind("127.0.77.1"); // Nobody else takes a port of this address.
        var direct = Open(sender, receiver.LocalEndPoint!);
        var port = (IPEndPoint)sender.LocalEndPoint!;
        sender.Dispose();
        Assert.Equal(DirectResult.Sent, direct.Send(new byte[300], 200)); // No other socket that got the descriptor's number meanwhile.
        Assert.Throws<SocketException>(() => Bind(port));
        direct.Dispose();
        direct.Dispose();
        Bind(port).Dispose();
    }

    private static DirectSocket Open(Socket sender, EndPoint remote)
    {
        var address = remote.Serialize();
        return DirectSocket.TryCreate((int)sender.Handle, address.Buffer.Span[..address.Size])!;
    }

    private static Socket Bind(string address) => Bind(new IPEndPoint(IPAddress.Parse(address), 0));

    private static Socket Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Bind(endPoint);
        return socket;
    }

    private static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i + 4 <= length; i += 4)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i), i);
        }

        return bytes;
    }
}
