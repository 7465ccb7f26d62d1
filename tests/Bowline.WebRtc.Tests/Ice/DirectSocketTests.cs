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
        using var direct = DirectSocket.TryCreate((int)sender.Handle, (IPEndPoint)receiver.LocalEndPoint!)!;
        var bytes = Pattern((DirectSocket.MostDatagrams * IDatagramPath.LongestDatagram) - 7);
        Assert.True(direct.TrySend(bytes, IDatagramPath.LongestDatagram));
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
        Assert.True(direct.IsUsable);
    }

    [Fact]
    public void They_leave_with_one_call()
    {
        using var sender = Bind("127.0.0.1");
        using var receiver = Bind("127.0.0.1");
        receiver.SetRawSocketOption(LevelUdp, JoinReceived, BitConverter.GetBytes(1)); // What came as one is read as one.
        using var direct = DirectSocket.TryCreate((int)sender.Handle, (IPEndPoint)receiver.LocalEndPoint!)!;
        var bytes = Pattern(20_300);
        Assert.True(direct.TrySend(bytes, 1000));
        var buffer = new byte[64 * 1024];
        Assert.Equal(bytes, buffer[..receiver.Receive(buffer)]);
    }

    [Fact]
    public void What_the_kernel_does_not_take_is_told_and_remembered()
    {
        using var sender = Bind("127.0.0.1");
        using var receiver = Bind("127.0.0.1");
        using var direct = DirectSocket.TryCreate((int)sender.Handle, (IPEndPoint)receiver.LocalEndPoint!)!;
        Assert.False(direct.TrySend(new byte[60_000], 10)); // 6,000 datagrams in one call.
        Assert.False(direct.IsUsable);
        Assert.Equal(0, receiver.Available);
    }

    [Fact]
    public void A_failure_of_another_kind_passes()
    {
        using var sender = Bind("127.0.0.1");
        using var direct = DirectSocket.TryCreate((int)sender.Handle, new(IPAddress.Parse("127.255.255.255"), 5000))!;
        Assert.False(direct.TrySend(new byte[300], 200)); // EACCES: a broadcast, which this socket may not send yet.
        Assert.True(direct.IsUsable);
        sender.EnableBroadcast = true;
        Assert.True(direct.TrySend(new byte[300], 200));
    }

    [Fact]
    public void An_address_that_needs_its_interface_is_left_to_libnice()
    {
        using var sender = Bind("::1");
        Assert.Null(DirectSocket.TryCreate((int)sender.Handle, new(IPAddress.Parse("fe80::1"), 5000)));
    }

    [Fact]
    public void It_keeps_the_socket_for_itself_until_it_is_disposed()
    {
        using var receiver = Bind("127.0.0.1");
        var sender = Bind("127.0.0.1");
        var direct = DirectSocket.TryCreate((int)sender.Handle, (IPEndPoint)receiver.LocalEndPoint!)!;
        var port = (IPEndPoint)sender.LocalEndPoint!;
        sender.Dispose();
        Assert.True(direct.TrySend(new byte[300], 200)); // No other socket that got the descriptor's number meanwhile.
        Assert.Throws<SocketException>(() => Bind(port));
        direct.Dispose();
        direct.Dispose();
        Bind(port).Dispose();
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
