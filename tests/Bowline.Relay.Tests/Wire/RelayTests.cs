using Bowline.Nostr;

namespace Bowline.Relay.Tests.Wire;

/// <summary>The order of what is sent, with a store that can be held and made to fail.</summary>
public sealed class RelayTests
{
    [Fact]
    public async Task OK_comes_only_after_the_commit_and_live_delivery_too()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var relay = await TestRelay.StartAsync(new MemoryStore { BeforeCommit = () => gate.Task });
        await using var client = await relay.ConnectAsync();
        Assert.Empty(await client.AskAsync("s", Make.Kind(1)));
        var value = Make.Note();
        await client.PublishAsync(value);
        Assert.Equal(0, (await CountAsync(client, new NostrFilter())).Count); // Answered in between: nothing was said about the event.
        gate.SetResult();
        _ = await client.ReceiveAsync<RelayOkMessage>();
        Assert.Equal(value.Id, (await client.ReceiveAsync<RelayEventMessage>()).Event.Id);
    }

    [Fact]
    public async Task An_event_between_its_commit_and_its_fan_out_is_sent_once()
    {
        var committed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = new MemoryStore();
        await using var relay = await TestRelay.StartAsync(store);
        await using var writer = await relay.ConnectAsync();
        await using var reader = await relay.ConnectAsync();
        store.AfterCommit = _ =>
        {
            committed.SetResult();
            return gate.Task;
        };
        var value = Make.Note();
        await writer.PublishAsync(value);
        await committed.Task;
        Assert.Equal(value.Id, Assert.Single(await reader.AskAsync("s", Make.Kind(1))).Id);
        store.AfterCommit = static _ => Task.CompletedTask;
        gate.SetResult();
        Assert.True((await writer.ReceiveAsync<RelayOkMessage>()).Accepted);
        var next = Make.Note("next");
        Assert.True((await writer.AskAsync(next)).Accepted);
        Assert.Equal(next.Id, (await reader.ReceiveAsync<RelayEventMessage>()).Event.Id);
    }

    [Fact]
    public async Task Events_published_during_a_query_come_after_its_EOSE_once()
    {
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var relay = await TestRelay.StartAsync(new MemoryStore
        {
            AfterQuery = () =>
            {
                looked.SetResult();
                return gate.Task;
            },
        });
        await using var writer = await relay.ConnectAsync();
        await using var reader = await relay.ConnectAsync();
        await reader.RequestAsync("s", Make.Kind(1));
        await looked.Task;
        var value = Make.Note();
        Assert.True((await writer.AskAsync(value)).Accepted);
        gate.SetResult();
        _ = await reader.ReceiveAsync<RelayEndOfStoredMessage>();
        Assert.Equal(value.Id, (await reader.ReceiveAsync<RelayEventMessage>()).Event.Id);
    }

    [Fact]
    public async Task A_store_that_fails_is_an_error_and_a_health_warning_until_it_works()
    {
        var store = new MemoryStore { BeforeCommit = static () => throw new IOException("disk full"), BeforeQuery = static () => throw new IOException("disk gone") };
        await using var relay = await TestRelay.StartAsync(store);
        await using var client = await relay.ConnectAsync();
        Assert.StartsWith("error: ", (await client.AskAsync(Make.Note())).Text, StringComparison.Ordinal);
        Assert.Equal("relay-store-failing", Assert.Single(relay.Server.Health.Visible).Code);
        await client.RequestAsync("s", Make.Kind(1));
        Assert.StartsWith("error: ", (await client.ReceiveAsync<RelayClosedMessage>()).Text, StringComparison.Ordinal);
        Assert.Equal(0, relay.Server.Subscriptions);
        store.BeforeCommit = static () => Task.CompletedTask;
        Assert.True((await client.AskAsync(Make.Note())).Accepted);
        await Eventually.Async(() => relay.Server.Health.Visible.Count == 0);
    }

    internal static async Task<RelayCountMessage> CountAsync(TestClient client, params NostrFilter[] filters)
    {
        await client.SendAsync(new ClientCountMessage("count", filters));
        return await client.ReceiveAsync<RelayCountMessage>();
    }
}
