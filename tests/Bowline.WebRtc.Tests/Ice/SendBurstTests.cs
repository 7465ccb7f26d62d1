using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Bowline.WebRtc.Tests.Ice;

/// <summary>What is sent in a burst leaves at its end, in the order of the calls, whatever else happens.</summary>
public sealed class SendBurstTests
{
    [Fact]
    public async Task Outside_a_burst_a_datagram_leaves_at_once_and_inside_one_at_its_end()
    {
        await using var pair = await IcePair.ConnectAsync();
        Assert.True(Send(pair, 1));
        await pair.AssertReceivedAsync(1);
        using var sent = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var burst = Task.Run(() =>
        {
            using (SendBurst.Begin())
            {
                using (SendBurst.Begin())
                {
                    Assert.True(Send(pair, 2));
                }

                Assert.True(Send(pair, 3));
                sent.Set();
                held.Wait();
            }
        });
        Assert.True(sent.Wait(TimeSpan.FromSeconds(10)));
        await pair.AssertSilentAsync();
        held.Set();
        await burst;
        await pair.AssertReceivedAsync(2, 3);
    }

    [Fact]
    public async Task What_another_thread_sends_meanwhile_does_not_overtake_it()
    {
        await using var pair = await IcePair.ConnectAsync();
        using var sent = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var burst = Task.Run(() =>
        {
            using (SendBurst.Begin())
            {
                Assert.True(Send(pair, 1));
                Assert.True(Send(pair, 2));
                sent.Set();
                held.Wait();
            }
        });
        Assert.True(sent.Wait(TimeSpan.FromSeconds(10)));
        Assert.True(Send(pair, 3));
        await pair.AssertReceivedAsync(1, 2, 3); // It takes what waits with it.
        held.Set();
        await burst;
    }

    [Fact]
    public async Task More_than_leaves_in_one_call_leaves_in_several()
    {
        await using var pair = await IcePair.ConnectAsync();
        SendInBurst(pair, 3 * DirectSocket.MostDatagrams);
        await pair.AssertReceivedAsync([.. Enumerable.Range(0, 3 * DirectSocket.MostDatagrams)]);
    }

    [Fact]
    public async Task Two_paths_in_one_burst_both_send()
    {
        await using var one = await IcePair.ConnectAsync();
        await using var other = await IcePair.ConnectAsync();
        using (SendBurst.Begin())
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.True(Send(i % 2 == 0 ? one : other, i));
            }
        }

        await one.AssertReceivedAsync(0, 2, 4, 6, 8);
        await other.AssertReceivedAsync(1, 3, 5, 7, 9);
    }

    [Fact]
    public async Task What_waits_when_the_path_is_closed_still_leaves_and_nothing_after_it()
    {
        await using var pair = await IcePair.ConnectAsync();
        CloseInBurst(pair);
        await pair.AssertReceivedAsync(1, 2);
        Assert.False(Send(pair, 4));
        await pair.AssertSilentAsync();
    }

    [Fact]
    public async Task An_exception_ends_a_burst_like_its_end()
    {
        await using var pair = await IcePair.ConnectAsync();
        Assert.Throws<InvalidOperationException>(() => FailInBurst(pair));
        Assert.True(Send(pair, 2)); // And there is no burst any more on this thread.
        await pair.AssertReceivedAsync(1, 2);
    }

    [Fact]
    public async Task What_the_socket_refuses_leaves_by_libnice_one_by_one()
    {
        await using var pair = await IcePair.ConnectAsync();
        using var stream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var refusing = DirectSocket.TryCreate((int)stream.Handle, new byte[16])!; // It is not connected: each call fails.
        Replace(ref Direct(Sender(pair.One)), refusing);
        SendInBurst(pair, 10);
        await pair.AssertReceivedAsync([.. Enumerable.Range(0, 10)]);
        Assert.True(Send(pair, 10));
        await pair.AssertReceivedAsync(10);
        Assert.Same(refusing, Direct(Sender(pair.One)));
    }

    private static void Replace(ref DirectSocket? direct, DirectSocket by)
    {
        direct!.Dispose();
        direct = by;
    }

    private static void SendInBurst(IcePair pair, int count)
    {
        using var burst = SendBurst.Begin();
        for (var i = 0; i < count; i++)
        {
            Assert.True(Send(pair, i));
        }
    }

    private static void FailInBurst(IcePair pair)
    {
        using var burst = SendBurst.Begin();
        Assert.True(Send(pair, 1));
        throw new InvalidOperationException();
    }

    private static void CloseInBurst(IcePair pair)
    {
        using var burst = SendBurst.Begin();
        Assert.True(Send(pair, 1));
        Assert.True(Send(pair, 2));
        pair.One.Close();
        Assert.False(Send(pair, 3));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_sender")]
    private static extern ref IceSender Sender(IcePath path);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_direct")]
    private static extern ref DirectSocket? Direct(IceSender sender);

    /// <summary>A number, in a datagram that no STUN message looks like.</summary>
    private static bool Send(IcePair pair, int number) => pair.One.TrySend(BitConverter.GetBytes(number).Concat<byte>([0xff, 0xff, 0xff, 0xff]).ToArray());
}
