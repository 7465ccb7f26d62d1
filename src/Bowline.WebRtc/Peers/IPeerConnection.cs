namespace Bowline.WebRtc;

/// <summary>
/// A WebRTC connection that carries data channels (RFC 8831, RFC 9429). Descriptions and candidates travel by whatever means its
/// owner has. The calls that negotiate may come from any thread; they take turns.
/// </summary>
public interface IPeerConnection : IAsyncDisposable
{
    /// <summary>How it stands now.</summary>
    PeerConnectionStatus Status { get; }

    /// <summary>What this side described last, with all addresses found so far; null before the first.</summary>
    SessionDescription? LocalDescription { get; }

    /// <summary>True while the owner suspects that the other side is gone; ends by itself when something arrives from it.</summary>
    bool IsSuspect { get; }

    /// <summary>Makes an offer and applies it to this side. Addresses found later come from <see cref="ReadCandidatesAsync"/>.</summary>
    /// <param name="cancel">Ends the wait for the names of servers.</param>
    /// <returns>The offer.</returns>
    /// <exception cref="WebRtcException">A negotiation is under way, the connection is closed, or no address of this machine may be used.</exception>
    Task<SessionDescription> CreateOfferAsync(CancellationToken cancel = default);

    /// <summary>Answers the offer of the other side and applies the answer to this side.</summary>
    /// <param name="cancel">Ends the wait for the names of servers.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="WebRtcException">There is no offer to answer, or no address of this machine may be used.</exception>
    Task<SessionDescription> CreateAnswerAsync(CancellationToken cancel = default);

    /// <summary>Takes what the other side described.</summary>
    /// <param name="description">An offer, when nothing is under way; an answer, to this side's offer.</param>
    /// <param name="cancel">Ends the wait for its turn.</param>
    /// <returns>A task that ends when it is applied.</returns>
    /// <exception cref="WebRtcException">It cannot be read, does not fit the state, or has no data channel in it. Nothing has changed then.</exception>
    Task SetRemoteDescriptionAsync(SessionDescription description, CancellationToken cancel = default);

    /// <summary>Takes back an offer that is not answered yet, of either side: so a glare is resolved.</summary>
    /// <param name="cancel">Ends the wait for its turn.</param>
    /// <returns>A task that ends when it is taken back.</returns>
    /// <exception cref="WebRtcException">There is none.</exception>
    Task RollbackAsync(CancellationToken cancel = default);

    /// <summary>Takes an address of the other side, also before its description. One of a generation that is over is dropped and counted.</summary>
    /// <param name="candidate">The address.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>A task that ends when it is applied.</returns>
    /// <exception cref="WebRtcException">It cannot be read, or there are too many.</exception>
    Task AddIceCandidateAsync(IceCandidate candidate, CancellationToken cancel = default);

    /// <summary>The next offer gathers addresses and checks pairs afresh; data goes on by the old ones until the new carry.</summary>
    void RestartIce();

    /// <summary>Makes a data channel, also before the connection is up.</summary>
    /// <param name="label">Its name, for the other side.</param>
    /// <param name="options">How it delivers; null for ordered and reliable.</param>
    /// <returns>The channel.</returns>
    /// <exception cref="WebRtcException">The connection is over, or has as many channels as it may.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option or the label is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The options limit both retransmissions and time.</exception>
    IDataChannel CreateDataChannel(string label, DataChannelOptions? options = null);

    /// <summary>The addresses of this side that are found after the description was handed over, then an empty one for each gathering.</summary>
    /// <param name="cancel">Ends the reading.</param>
    /// <returns>The addresses.</returns>
    IAsyncEnumerable<IceCandidate> ReadCandidatesAsync(CancellationToken cancel = default);

    /// <summary>The channels that the other side makes, nearly always open already (see <see cref="DataChannelState.Connecting"/>).</summary>
    /// <param name="cancel">Ends the reading.</param>
    /// <returns>The channels.</returns>
    /// <exception cref="WebRtcException">The connection was lost.</exception>
    IAsyncEnumerable<IDataChannel> ReadChannelsAsync(CancellationToken cancel = default);

    /// <summary>How it stands now, then each change. A reader that is slow sees the last of several.</summary>
    /// <param name="cancel">Ends the reading.</param>
    /// <returns>The states; they end with closed or failed.</returns>
    IAsyncEnumerable<PeerConnectionStatus> WatchAsync(CancellationToken cancel = default);

    /// <summary>Says whether the other side may be gone. While it may, one packet a second leaves, as a probe (RFC 7675); the newest four of those held back leave when it ends.</summary>
    /// <param name="isSuspect">Whether it may.</param>
    void SetSuspect(bool isSuspect);

    /// <summary>Sends the datagrams by another path from now on, under the same association. ICE takes over when it connects after that: for the first time, again after a failure, or by a restart.</summary>
    /// <param name="path">The path; the caller disposes it when it is no longer used.</param>
    void UsePath(IDatagramPath path);

    /// <summary>What has been measured and counted.</summary>
    /// <returns>The figures of this moment.</returns>
    PeerStatistics GetStatistics();
}
