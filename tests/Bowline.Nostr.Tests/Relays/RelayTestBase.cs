using System.Diagnostics;

namespace Bowline.Nostr.Tests.Relays;

/// <summary>A scripted relay, and a limit for every wait.</summary>
public abstract class RelayTestBase : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    protected NostrKey Key { get; } = NostrKey.Create();

    internal ScriptedRelay Relay { get; private set; } = null!;

    protected CancellationToken Limit => _limit.Token;

    protected static NostrFilter Notes { get; } = new() { Kinds = [1] };

    protected static DateTimeOffset Now => DateTimeOffset.UtcNow;

    public async ValueTask InitializeAsync() => Relay = await ScriptedRelay.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        Key.Dispose();
        _limit.Dispose();
        GC.SuppressFinalize(this);
    }

    protected NostrEvent Note(string text, long? createdAt = null) => Key.Sign(1, text, null, createdAt ?? Now.ToUnixTimeSeconds());

    protected static NostrEvent Forge(NostrEvent value, string content) => new()
    {
        Id = value.Id,
        PublicKey = value.PublicKey,
        CreatedAt = value.CreatedAt,
        Kind = value.Kind,
        Tags = value.Tags,
        Content = content,
        Signature = value.Signature,
    };

    /// <summary>Texts up to and with this one.</summary>
    protected async Task<List<string>> ReadUntilAsync(RelaySubscription subscription, string last)
    {
        List<string> texts = [];
        await foreach (var value in subscription.ReadAllAsync(Limit))
        {
            texts.Add(value.Content);
            if (value.Content == last)
            {
                break;
            }
        }

        return texts;
    }

    protected async Task<List<string>> ReadAsync(RelaySubscription subscription, int count)
    {
        List<string> texts = [];
        await foreach (var value in subscription.ReadAllAsync(Limit))
        {
            texts.Add(value.Content);
            if (texts.Count == count)
            {
                break;
            }
        }

        return texts;
    }

    protected static TimeSpan Since(long started) => Stopwatch.GetElapsedTime(started);
}
