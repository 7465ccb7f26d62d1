using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>
/// Keeps events. An answer about an added event comes after it is committed: what was answered <see cref="StoreOutcome.Stored"/> survives
/// <c>kill -9</c> of the process. Thread-safe.
/// </summary>
public interface IEventStore : IAsyncDisposable
{
    /// <summary>True when <see cref="NostrFilter.Search"/> is understood (NIP-50).</summary>
    public bool SupportsSearch { get; }

    /// <summary>
    /// Adds a verified event that is not ephemeral, with all that follows from it in the same transaction: replacing (NIP-01), deleting
    /// (NIP-09) and remembering what was deleted. Many pending ones are committed together.
    /// </summary>
    /// <param name="value">The event.</param>
    /// <param name="json">Its JSON in UTF-8, as it will be sent to subscribers.</param>
    /// <param name="cancellationToken">Gives up waiting; the event may be stored all the same.</param>
    public ValueTask<StoreOutcome> AddAsync(NostrEvent value, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);

    /// <summary>
    /// The stored events that any of the filters wants, newest first and by id within a second, each once, expired ones left out
    /// (NIP-40). Each filter's limit holds for that filter.
    /// </summary>
    /// <param name="filters">The filters of one REQ; each with a limit set.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public IAsyncEnumerable<StoredEvent> QueryAsync(IReadOnlyList<NostrFilter> filters, CancellationToken cancellationToken);

    /// <summary>How many events <see cref="QueryAsync"/> would find without limits (NIP-45).</summary>
    public ValueTask<long> CountAsync(IReadOnlyList<NostrFilter> filters, CancellationToken cancellationToken);
}
