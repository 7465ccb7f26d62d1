using System.Security.Cryptography;
using Bowline.Core.Health;
using Bowline.Nostr;
using Microsoft.Extensions.Logging;

namespace Bowline.Relay;

/// <summary>What the connections of one relay share.</summary>
internal sealed class RelayCore(RelayOptions options, RelayRules rules, IEventStore store, NostrKey key, TimeProvider time, HealthTracker health, ILogger logger)
{
    private static readonly HealthCode StoreFailing = new("relay-store-failing", "The relay cannot store events", HealthSeverity.Error, TimeSpan.Zero);

    [ThreadStatic]
    private static List<Subscription>? _found;

    private volatile bool _storeFailing;

    public RelayOptions Options { get; } = options;

    public RelayRules Rules { get; } = rules;

    public IEventStore Store { get; } = store;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    public SubscriptionIndex<Subscription> Live { get; } = new();

    public InFlight InFlight { get; } = new();

    public PresenceBook Presence { get; } = new();

    public AddressBook Addresses { get; } = new(rules.Limits);

    /// <summary>One place for each query that runs.</summary>
    public SemaphoreSlim Queries { get; } = new(rules.Limits.Queries);

    public RelayTime Now => RelayTime.Of(Time);

    public static string NewChallenge() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Hands an event to every subscription that wants it.</summary>
    /// <param name="value">The event.</param>
    /// <param name="json">Its JSON, or null when nobody needed it yet.</param>
    public void Publish(NostrEvent value, byte[]? json)
    {
        var found = _found ??= [];
        Live.Match(value, found);
        if (found.Count == 0)
        {
            return;
        }

        var live = new LiveEvent(value, json ?? EventJson.Of(value));
        var count = 0;
        foreach (var subscription in found)
        {
            count += subscription.DeliverLive(live) ? 1 : 0;
        }

        found.Clear();
        RelayTelemetry.Delivered(count);
    }

    /// <summary>Signs and hands on what the relay itself has to say.</summary>
    public void Publish(IReadOnlyList<PresenceBook.Hint> hints)
    {
        foreach (var hint in hints)
        {
            Publish(key.Sign(hint.Kind, "", hint.Tags, Time.GetUtcNow()), json: null);
        }
    }

    public void StoreWorks()
    {
        if (_storeFailing)
        {
            _storeFailing = false;
            health.Clear(StoreFailing);
        }
    }

    public void StoreFails(Exception exception)
    {
        _storeFailing = true;
        health.Raise(StoreFailing, $"The store refused an event: {exception.Message}");
    }
}
