using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Exchanges;

/// <summary>Stream ids are never reused: near the last one, another client id takes over.</summary>
public sealed class UsedUpClientTests
{
    private const int Open = 1;

    [Fact]
    public async Task The_last_id_is_used_once_and_then_the_client_says_so()
    {
        await using var pair = await TunnelPair.StartAsync(TestHandler.Hello, client: new() { LastStreamId = uint.MaxValue - 2 });
        var ids = new List<uint>();
        pair.Bus.Published += message => ids.AddRange(message.FrameType == Open ? [message.StreamId] : []);
        Assert.True(pair.Client.IsUsedUp);
        for (var i = 0; i < 2; i++)
        {
            using var response = await pair.GetAsync();
            Assert.True(response.IsSuccessStatusCode);
        }

        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => pair.GetAsync());
        }

        Assert.Equal([uint.MaxValue - 1, uint.MaxValue], ids);
        Assert.Equal(0, pair.Client.OpenStreams);
    }

    [Fact]
    public void A_server_takes_an_id_after_the_last_one_for_a_repeated_one()
    {
        var history = new OpenHistory();
        uint[] last = [uint.MaxValue - 1, uint.MaxValue];
        Assert.All(last, id => Assert.True(history.TryEnter(id)));
        uint[] again = [1, 2, 3, 1024, 1025, uint.MaxValue - 1, uint.MaxValue];
        Assert.All(again, id => Assert.False(history.TryEnter(id)));
        Assert.True(history.TryEnter(uint.MaxValue - 2));
    }

    [Fact]
    public async Task A_client_that_is_used_up_is_followed_by_one_with_a_new_client_id_and_its_streams_go_on()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            await exchange.ResponseBody.WriteAsync(new byte[20_000], exchange.Aborted);
            await (exchange.Path == "/old" ? go.Task : Task.CompletedTask);
        });
        var carriers = new List<InMemoryCarrier>();
        var clients = new TunnelClients(() =>
        {
            carriers.Add(pair.Bus.Connect());
            var options = new TunnelClientOptions { LastStreamId = carriers.Count == 1 ? uint.MaxValue - (1 << 20) - 1 : 0 };
            return new(carriers[^1], options, pair.Time, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        });
        var opened = new List<string>();
        pair.Bus.Published += message => opened.AddRange(message.FrameType == Open ? [message.ReplyTo.Split('.')[^2]] : []);
        using var old = await clients.SendAsync(pair.Target(), new(HttpMethod.Get, "/old"));
        using (var next = await clients.SendAsync(pair.Target(), new(HttpMethod.Get, "/new")))
        {
            Assert.Equal(20_000, (await next.Content.ReadAsByteArrayAsync()).Length);
        }

        go.SetResult();
        Assert.Equal(20_000, (await old.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal(carriers.Select(static carrier => carrier.ClientId), opened);
        Assert.Equal(2, carriers.Count);
        await clients.DisposeAsync();
        foreach (var carrier in carriers)
        {
            await carrier.DisposeAsync();
        }
    }
}
