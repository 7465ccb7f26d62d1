using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>
/// Keeps events. An answer about an added event comes after it is committed: what was answered <see cref="StoreOutcome.Stored"/> survives
/// <c>kill -9</c> of the process. Thread-safe.
/// </summary>
public interface IEventStore : IAsyncDisposable
{
    /// <summary>True when <see cref="NostrFilter.Search"/> is understood (NIP-50); otherwise a filter with it finds nothing.</summary>
    public bool SupportsSearch { get; }

    /// <summary>
    /// Adds a verified event that is not ephemeral, with all that follows from it in the same transaction: replacing (NIP-01), deleting
    /// (NIP-09) and remembering what was deleted. Many pending ones are committed together.
    /// </summary>
    /// <param name="value">The event.</param>
    /// <param name="json">Its JSON in UTF-8, as it will be sent to subscribers; not changed by the caller until the answer.</param>
    /// <param name="cancellationToken">Gives up waiting; the event may be stored all the same.</param>
    /// <exception cref="EventStoreException">It was not stored, or nobody can say whether it was; others may be.</exception>
    public ValueTask<StoreOutcome> AddAsync(NostrEvent value, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);

    /// <summary>
    /// The stored events that any of the filters wants and the audience may see, newest first and by id within a second, each once,
    /// expired ones left out (NIP-40). Each filter's limit holds for that filter and counts only events the audience may see. Those that a
    /// <see cref="NostrFilter.Search"/> finds have all its words in their content; they come newest first like all others.
    /// </summary>
    /// <param name="filters">The filters of one REQ; each with a limit set.</param>
    /// <param name="audience">Who asks.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <exception cref="EventStoreException">The store failed, possibly after some events.</exception>
    public IAsyncEnumerable<StoredEvent> QueryAsync(IReadOnlyList<NostrFilter> filters, Audience audience, CancellationToken cancellationToken);

    /// <summary>How many events <see cref="QueryAsync"/> would find without limits (NIP-45).</summary>
    /// <exception cref="EventStoreException">The store failed.</exception>
    public ValueTask<long> CountAsync(IReadOnlyList<NostrFilter> filters, Audience audience, CancellationToken cancellationToken);
}
