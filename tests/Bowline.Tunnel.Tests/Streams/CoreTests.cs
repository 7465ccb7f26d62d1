using FsCheck;
using FsCheck.Fluent;

namespace Bowline.Tunnel.Tests.Streams;

public sealed class CoreTests
{
    private static FrameHeader Data(uint seq, bool end = false) => new(FrameType.Data, end ? FrameFlags.End : FrameFlags.None, 1, seq);

    [Fact]
    public void Frames_out_of_order_are_told_apart()
    {
        var side = new ReceiveSide(1000, 1000);
        Assert.Equal(Receipt.Deliver, side.Offer(Data(0), 10));
        Assert.Equal(Receipt.Gap, side.Offer(Data(2), 10));
        Assert.Equal(Receipt.Repeat, side.Offer(Data(0), 10));
        Assert.Equal(Receipt.Deliver, side.Offer(Data(1, end: true), 10));
        Assert.Equal(Receipt.AfterEnd, side.Offer(Data(2), 10));
    }

    [Fact]
    public void Early_and_repeated_frames_are_suffered_during_a_move_only_and_one_window_at_most()
    {
        var side = new ReceiveSide(100, 100) { Moving = true };
        Assert.Equal(Receipt.Hold, side.Offer(Data(1), 60));
        side.Holding(60);
        Assert.Equal(Receipt.Overflow, side.Offer(Data(2), 60));
        Assert.Equal(Receipt.Deliver, side.Offer(Data(0), 10));
        Assert.Equal(Receipt.Drop, side.Offer(Data(0), 10));
    }

    [Fact]
    public void More_than_the_window_overflows() => Prop.ForAll<PositiveInt[]>(sizes =>
    {
        var side = new ReceiveSide(1000, 1000);
        uint seq = 0;
        long total = 0;
        foreach (var size in sizes)
        {
            var receipt = side.Offer(Data(seq), size.Get);
            if (receipt == Receipt.Overflow)
            {
                return total + size.Get > 1000;
            }

            seq++;
            total += size.Get;
        }

        return total <= 1000;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_is_read_a_sender_within_its_limit_never_overflows_and_never_starves() => Prop.ForAll<PositiveInt[]>(steps =>
    {
        var receive = new ReceiveSide(4096, 65536);
        var send = new SendSide(4096);
        uint seq = 0;
        var now = TimeSpan.FromSeconds(1);
        long unread = 0;
        foreach (var step in steps)
        {
            now += TimeSpan.FromMilliseconds(1);
            var size = (int)Math.Min(send.Credit, step.Get * 37 % 5000);
            if (size > 0)
            {
                if (receive.Offer(Data(seq++), size) != Receipt.Deliver)
                {
                    return false;
                }

                send.OnSent(size, end: false);
                unread += size;
            }

            var read = (int)Math.Min(unread, step.Get * 91 % 6000);
            unread -= read;
            if (read > 0 && receive.Consume(read, now, TimeSpan.FromMilliseconds(5), step.Get % 3 == 0, out var limit))
            {
                send.Raise(limit);
            }

            if (receive.Window > 65536 || send.Limit != receive.Limit)
            {
                return false;
            }
        }

        // Whatever is still unread: reading it all gives credit again.
        return unread == 0 || !receive.Consume((int)unread, now, default, shared: false, out var last) || last > send.Sent;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Windows_that_come_late_or_twice_change_nothing()
    {
        var send = new SendSide(100);
        Assert.True(send.Raise(200));
        Assert.False(send.Raise(200));
        Assert.False(send.Raise(150));
        Assert.Equal(200, send.Limit);
    }

    [Fact]
    public void What_a_connection_lost_is_given_back_to_its_window()
    {
        var sender = new ConnectionCredit(1000);
        var receiver = new ConnectionCredit(1000);
        Assert.Equal(900, sender.Take(900));
        sender.OnSent(900);
        Assert.True(receiver.Receive(100));
        Assert.True(receiver.Reconcile(sender.Sent));
        Assert.Equal(1800, receiver.ReceiveLimit);
        Assert.False(receiver.Reconcile(sender.Sent));
        Assert.True(sender.Raise(receiver.ReceiveLimit));
        Assert.Equal(900, sender.Take(2000));
    }

    [Fact]
    public void Keepalive_asks_three_times_and_then_gives_up()
    {
        var interval = TimeSpan.FromSeconds(10);
        var keepalive = new Keepalive(interval, 3, TimeSpan.Zero);
        var now = TimeSpan.Zero;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(KeepaliveStep.None, keepalive.Step(now));
            now += interval;
            Assert.Equal(KeepaliveStep.Ping, keepalive.Step(now));
        }

        Assert.Equal(KeepaliveStep.Lost, keepalive.Step(now + interval));
        keepalive.Begin(now + interval);
        Assert.Equal(KeepaliveStep.None, keepalive.Step(now + interval));
    }

    [Fact]
    public void Keepalive_asks_a_peer_that_is_heard_all_the_time_and_never_gives_it_up()
    {
        var interval = TimeSpan.FromSeconds(10);
        var keepalive = new Keepalive(interval, 3, TimeSpan.Zero);
        var pings = 0;
        for (var now = TimeSpan.Zero; now <= interval * 10; now += TimeSpan.FromSeconds(1))
        {
            keepalive.Heard();
            var step = keepalive.Step(now);
            Assert.NotEqual(KeepaliveStep.Lost, step);
            pings += step == KeepaliveStep.Ping ? 1 : 0;
        }

        Assert.Equal(10, pings);
    }

    [Fact]
    public void The_accept_timeout_is_four_smoothed_round_trips_but_never_below_the_floor()
    {
        var timing = new AcceptTiming(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), timing.Timeout);
        timing.Sample(TimeSpan.FromMilliseconds(10));
        Assert.Equal(TimeSpan.FromSeconds(1), timing.Timeout);
        for (var i = 0; i < 100; i++)
        {
            timing.Sample(TimeSpan.FromMilliseconds(500));
        }

        Assert.InRange(timing.Timeout.TotalMilliseconds, 1900, 2000);
    }

    [Fact]
    public void Every_stream_id_enters_once() => Prop.ForAll<ushort[]>(ids =>
    {
        var history = new OpenHistory();
        var entered = new HashSet<uint>();
        return ids.All(id => !history.TryEnter(id) || entered.Add(id));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_few_swapped_stream_ids_still_enter()
    {
        var history = new OpenHistory();
        uint[] ids = [2, 1, 5, 3, 4, 1100, 1099, 2000, 1500];
        Assert.All(ids, id => Assert.True(history.TryEnter(id)));
        Assert.All(ids, id => Assert.False(history.TryEnter(id)));
    }

    [Fact]
    public void A_body_buffer_gives_back_what_it_was_given() => Prop.ForAll<byte[][], PositiveInt>((chunks, readSize) =>
    {
        var buffer = new BodyBuffer();
        var expected = chunks.SelectMany(static c => c).ToArray();
        foreach (var chunk in chunks)
        {
            buffer.Append(chunk);
        }

        var read = new List<byte>();
        var part = new byte[readSize.Get];
        while (buffer.Length > 0)
        {
            if (read.Count % 3 == 2 && buffer.TryTake(out var piece))
            {
                read.AddRange(piece.Memory.ToArray());
                piece.Release();
                continue;
            }

            read.AddRange(part[..buffer.Read(part)]);
        }

        return read.SequenceEqual(expected);
    }).QuickCheckThrowOnFailure();
}
