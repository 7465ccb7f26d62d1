using System.Globalization;

namespace Bowline.WebRtc.Tests.Ice;

public sealed class DatagramQueueTests
{
    private readonly DatagramQueue _queue = new();

    [Theory]
    [InlineData("5", "5")]
    [InlineData("5 5 5", "5 5 5")]
    [InlineData("5 5 3", "5 5 3")]
    [InlineData("5 5 3 3", "5 5 3|3")]
    [InlineData("5 5 3 5", "5 5 3|5")]
    [InlineData("3 5 5", "3|5 5")]
    public void A_run_is_of_one_size_but_its_last_datagram_may_be_shorter(string lengths, string runs)
    {
        foreach (var length in lengths.Split(' '))
        {
            Assert.True(_queue.TryAdd(new byte[int.Parse(length, CultureInfo.InvariantCulture)]));
        }

        Assert.Equal(runs, string.Join('|', TakeAll().Select(static run => string.Join(' ', run.Select(static datagram => datagram.Length)))));
    }

    [Fact]
    public void Whatever_the_sizes_everything_leaves_once_and_in_order()
    {
        var random = new Random(20261130);
        for (var round = 0; round < 50; round++)
        {
            var added = new List<byte[]>();
            var sizes = random.Next(1, 4); // Few sizes, so that runs are long.
            while (true)
            {
                var datagram = new byte[IDatagramPath.LongestDatagram - (100 * random.Next(sizes))];
                random.NextBytes(datagram);
                if (random.Next(60) == 0 || !_queue.TryAdd(datagram))
                {
                    break;
                }

                added.Add(datagram);
            }

            Assert.InRange(added.Count, 0, DirectSocket.MostDatagrams);
            Assert.Equal(added, TakeAll().SelectMany(static run => run));
        }
    }

    [Fact]
    public void It_is_full_with_as_many_datagrams_as_leave_in_one_call_and_empty_after_them()
    {
        var datagram = new byte[IDatagramPath.LongestDatagram];
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < DirectSocket.MostDatagrams; i++)
            {
                Assert.True(_queue.TryAdd(datagram));
            }

            Assert.False(_queue.TryAdd(datagram));
            Assert.False(_queue.TryAdd([1]));
            Assert.Equal(DirectSocket.MostDatagrams, Assert.Single(TakeAll()).Count);
        }

        Assert.False(_queue.TryAdd(new byte[(DirectSocket.MostDatagrams * IDatagramPath.LongestDatagram) + 1])); // Nor is there room for one longer than all.
        Assert.Empty(TakeAll());
    }

    private List<List<byte[]>> TakeAll()
    {
        var runs = new List<List<byte[]>>();
        while (_queue.TryTake(out var run, out var size))
        {
            runs.Add([]);
            do
            {
                var length = Math.Min(size, run.Length);
                runs[^1].Add(run[..length].ToArray());
                run = run[length..];
            }
            while (!run.IsEmpty);
        }

        return runs;
    }
}
