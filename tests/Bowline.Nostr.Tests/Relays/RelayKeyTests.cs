namespace Bowline.Nostr.Tests.Relays;

/// <summary>NIP-42 with several keys.</summary>
public sealed class RelayKeyTests : RelayTestBase
{
    [Fact]
    public async Task Two_keys_are_proven_on_one_connection()
    {
        using var other = NostrKey.Create();
        Guard(onePerSocket: false);
        await using var connection = new RelayConnection(Relay.Url);
        await using var mine = connection.Subscribe([To(Key)], new RelaySubscribeOptions { Key = Key });
        await using var others = connection.Subscribe([To(other)], new RelaySubscribeOptions { Key = other });
        await Task.WhenAll(mine.StoredAsync(), others.StoredAsync()).WaitAsync(Limit);
        await SendAsync(connection, other, Key.PublicKey, "to me");
        await SendAsync(connection, Key, other.PublicKey, "to the other");
        await ReadUntilAsync(mine, "to me");
        await ReadUntilAsync(others, "to the other");
        Assert.Equal(1, Relay.Accepted);
        Assert.Equal(2, Relay.Sockets.Single().Keys.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_relay_that_honours_one_key_gets_a_connection_for_each_up_to_a_bound(int most)
    {
        using var other = NostrKey.Create();
        using var third = NostrKey.Create();
        Guard(onePerSocket: true);
        await using var connection = new RelayConnection(Relay.Url, RelayClientOptions.Default with { MaxKeyConnections = most });
        NostrKey[] keys = [Key, other, third];
        List<RelaySubscription> users = [.. keys.Select(key => connection.Subscribe([To(key)], new RelaySubscribeOptions { Key = key }))];
        await Task.WhenAll(users.Select(static user => user.StoredAsync())).WaitAsync(Limit);
        var ended = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            try
            {
                await Relay.StoreAsync(Key.Sign(4, $"to {i}", [new("p", keys[i].PublicKey.ToString())], Now));
                await ReadUntilAsync(users[i], $"to {i}");
            }
            catch (RelayException e) when (e.Error == RelayError.TooManyKeys)
            {
                ended++;
            }
        }

        Assert.Equal(most == 1 ? 1 : 0, ended);
        Assert.Contains(connection.Warnings, static warning => warning.Code == "relay-one-key");
        Assert.Equal(most == 1, connection.Warnings.Any(static warning => warning.Code == "relay-too-many-keys"));
        Assert.Equal(most == 1 ? 2 : 3, Relay.Sockets.Count);
    }

    private static NostrFilter To(NostrKey key) =>
        new() { Kinds = [4], Tags = new Dictionary<char, IReadOnlyList<string>> { ['p'] = [key.PublicKey.ToString()] } };

    private async Task SendAsync(RelayConnection connection, NostrKey from, NostrPublicKey to, string text)
    {
        var outcome = await connection.PublishAsync(from.Sign(4, text, [new("p", to.ToString())], Now), new RelayPublishOptions { Key = from }, Limit);
        Assert.True(outcome.IsAccepted, outcome.Text);
    }

    /// <summary>Everything needs a key; reading needs the key of whom events are addressed to.</summary>
    private void Guard(bool onePerSocket)
    {
        Relay.Challenge = "prove it";
        Relay.Instead = async (socket, message) =>
        {
            switch (message)
            {
                case ClientAuthMessage { Event: var proof }:
                    Assert.True(AuthEvent.Check(proof, Relay.Url, "prove it", Now, out var problem), problem);
                    if (onePerSocket && !socket.Keys.IsEmpty && !socket.Keys.ContainsKey(proof.PublicKey))
                    {
                        await socket.SendAsync(new RelayOkMessage(proof.Id, Accepted: false, "restricted: one key only"));
                        return true;
                    }

                    return false;
                case ClientRequestMessage request when !request.Filters.All(filter => filter.Tags['p'].All(value => socket.Keys.ContainsKey(NostrPublicKey.Parse(value)))):
                    await socket.SendAsync(new RelayClosedMessage(request.SubscriptionId, "auth-required: not yours"));
                    return true;
                case ClientEventMessage { Event: var value } when !socket.Keys.ContainsKey(value.PublicKey):
                    await socket.SendAsync(new RelayOkMessage(value.Id, Accepted: false, "auth-required: who are you"));
                    return true;
                default:
                    return false;
            }
        };
    }
}
