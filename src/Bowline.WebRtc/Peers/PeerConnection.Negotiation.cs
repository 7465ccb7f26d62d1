namespace Bowline.WebRtc;

/// <content>Offers, answers and their rollback.</content>
public sealed partial class PeerConnection
{
    private const string OwnMid = "0";

    private readonly ulong _sessionId = (ulong)System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);
    private ulong _version;
    private string _mid = OwnMid;
    private bool? _isControlling;
    private bool _isRestartAsked;
    private (SdpSession Session, SdpMedia Data)? _remoteOffer;
    private IReadOnlyList<SdpFingerprint>? _remoteFingerprints;
    private (SessionDescriptionType Type, SdpSetup Setup, SdpSession? Offer, SdpMedia? Offered)? _described;

    /// <inheritdoc/>
    public SessionDescription? LocalDescription
    {
        get
        {
            lock (_gate)
            {
                return _described is null || (_pending ?? _current) is not { } generation ? null : Describe(generation);
            }
        }
    }

    /// <inheritdoc/>
    public void RestartIce()
    {
        lock (_gate)
        {
            _isRestartAsked = true;
        }
    }

    /// <inheritdoc/>
    public Task<SessionDescription> CreateOfferAsync(CancellationToken cancel = default) => TakeTurnAsync(
        async turn =>
        {
            Require(SignalingState.Stable, "make an offer");
            _isControlling ??= true;
            var made = _current is null || _isRestartAsked ? await GatherAsync(turn).ConfigureAwait(false) : null;
            lock (_gate)
            {
                (_pending, _isRestartAsked) = (made, false);
                _signaling = SignalingState.HaveLocalOffer;
                _version++;
                _described = (SessionDescriptionType.Offer, SdpSetup.ActPass, null, null);
                return Describe(made ?? _current!);
            }
        },
        cancel);

    /// <inheritdoc/>
    public Task<SessionDescription> CreateAnswerAsync(CancellationToken cancel = default) => TakeTurnAsync(
        async turn =>
        {
            Require(SignalingState.HaveRemoteOffer, "make an answer");
            var (offer, data) = _remoteOffer!.Value;
            _isControlling ??= false;
            var isRestart = _current is null || !string.Equals(_current.RemoteUserFragment, data.UserFragment, StringComparison.Ordinal);
            var made = isRestart ? await GatherAsync(turn).ConfigureAwait(false) : null;
            var isClient = SdpNegotiation.IsClientAsAnswerer(data.Setup, _transport.IsClient);
            SessionDescription answer;
            lock (_gate)
            {
                _pending = made;
                _mid = data.Mid ?? OwnMid;
                _version++;
                _described = (SessionDescriptionType.Answer, isClient ? SdpSetup.Active : SdpSetup.Passive, offer, data);
                answer = Describe(made ?? _current!);
            }

            Apply(data, isClient);
            return answer;
        },
        cancel);

    /// <inheritdoc/>
    public Task SetRemoteDescriptionAsync(SessionDescription description, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        return TakeTurnAsync(
            _ =>
            {
                var isOffer = description.Type == SessionDescriptionType.Offer;
                Require(isOffer ? SignalingState.Stable : SignalingState.HaveLocalOffer, isOffer ? "take an offer; roll back this side's first" : "take an answer");
                var read = SdpNegotiation.Read(description);
                if (_remoteFingerprints is { } before && !before.SequenceEqual(read.Data.Fingerprints))
                {
                    throw new WebRtcException(WebRtcError.WrongState, "The other side shows another certificate than before: that is a new connection, not a change to this one.");
                }

                if (isOffer)
                {
                    lock (_gate)
                    {
                        _remoteOffer = read;
                        _signaling = SignalingState.HaveRemoteOffer;
                    }
                }
                else
                {
                    Apply(read.Data, isClient: _transport.IsClient ?? read.Data.Setup == SdpSetup.Passive);
                }

                return Task.FromResult(true);
            },
            cancel);
    }

    /// <inheritdoc/>
    public Task RollbackAsync(CancellationToken cancel = default) => TakeTurnAsync(
        _ =>
        {
            IceGeneration? dropped;
            lock (_gate)
            {
                if (_signaling is not (SignalingState.HaveLocalOffer or SignalingState.HaveRemoteOffer))
                {
                    throw new WebRtcException(WebRtcError.WrongState, "There is no offer to take back.");
                }

                (dropped, _pending) = (_pending, null);
                _isRestartAsked |= dropped is not null && _current is not null;
                if (_remoteOffer is { } taken)
                {
                    // What came for the offer that is dropped. Before any offer was taken they are for one that is still to come.
                    DropEarly(candidate => candidate.UsernameFragment is null || string.Equals(candidate.UsernameFragment, taken.Data.UserFragment, StringComparison.Ordinal));
                }
                else if (_early.Count > MostEarly / 2)
                {
                    var old = _early[..^(MostEarly / 2)];
                    DropEarly(old.Contains); // Offers that are taken back again and again leave room for the next.
                }

                _remoteOffer = null;
                _signaling = SignalingState.Stable;
                if (_current is null)
                {
                    _isControlling = null;
                }
            }

            dropped?.Path.Close();
            return Task.FromResult(true);
        },
        cancel);

    /// <summary>Both descriptions are known: ICE gets the other side's address book, and the transport its certificate and role.</summary>
    private void Apply(SdpMedia data, bool isClient)
    {
        IceGeneration generation;
        List<IceCandidate> early;
        bool isNew;
        bool isRestart;
        IceGeneration? fruitless = null;
        lock (_gate)
        {
            isNew = _pending is not null;
            isRestart = isNew && _current is not null;
            if (isRestart && _current!.Path.HasConnected)
            {
                _retired.Add(_current);
            }
            else if (isRestart)
            {
                fruitless = _current;
            }

            _current = generation = _pending ?? _current!;
            _pending = null;
            _remoteOffer = null;
            _remoteFingerprints = data.Fingerprints;
            _signaling = SignalingState.Stable;
            (generation.RemoteUserFragment, generation.RemotePassword) = (data.UserFragment, data.Password);
            early = [.. _early.Where(candidate => generation.Takes(candidate.UsernameFragment))];
            DropEarly(candidate => !generation.Takes(candidate.UsernameFragment));
            _early.Clear();
        }

        fruitless?.Path.Close(); // Or restarts that never succeed would pile up their sockets.
        if (isRestart)
        {
            _channels.Telemetry.IceRestarted();
        }

        _channels.LongestToSend = SdpNegotiation.LongestToSend(data.MaxMessageSize, _options.MaxMessageSize);
        _status.Change(static status => status.State == PeerConnectionState.New ? status with { State = PeerConnectionState.Connecting } : status);
        _transport.Configure(_certificate.GetContext(), isClient, new(data.Fingerprints), data.SctpPort);
        if (isNew)
        {
            generation.Path.SetRemote(data.UserFragment!, data.Password!);
        }

        // Those that are too many are dropped and counted; the description itself is good.
        foreach (var line in data.Candidates)
        {
            TryAdd(generation, line);
        }

        foreach (var candidate in early)
        {
            TryAdd(generation, candidate);
        }

        if (data.IsGathered)
        {
            generation.Path.RemoteGatheringDone();
        }
    }

    /// <summary>The description of this side with all addresses found so far. Called under the lock.</summary>
    private SessionDescription Describe(IceGeneration generation)
    {
        var (type, setup, offer, offered) = _described!.Value;
        generation.IsDescribed = true;
        var media = new SdpMedia
        {
            Kind = "application",
            Protocol = offered?.Protocol ?? SdpNegotiation.Protocol,
            Format = offered?.Format ?? SdpNegotiation.Format,
            Mid = _mid,
            UserFragment = generation.Path.UserFragment,
            Password = generation.Path.Password,
            Fingerprints = [new("sha-256", _certificate.Fingerprint.ToArray())],
            Setup = setup,
            SctpPort = SctpPorts.Local,
            MaxMessageSize = (ulong)_options.MaxMessageSize,
            Candidates = [.. generation.Local],
            IsGathered = generation.IsGathered,
        };
        var sections = offer is null ? [media] : SdpNegotiation.AnswerSections(offer, offered!, media);
        return new(type, SdpWriter.Write(new(_sessionId, _version, sections)));
    }

    private void Require(SignalingState state, string what)
    {
        lock (_gate)
        {
            if (_signaling != state)
            {
                throw _signaling == SignalingState.Closed
                    ? Closed()
                    : new WebRtcException(WebRtcError.WrongState, $"This side cannot {what}: the negotiation is in the state '{_signaling}'.");
            }
        }
    }

    private async Task<T> TakeTurnAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, _isClosing);
        try
        {
            await _turn.WaitAsync(both.Token).ConfigureAwait(false);
            try
            {
                _isClosing.ThrowIfCancellationRequested(); // The turn may have been given back because of that.
                return await work(both.Token).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException) when (_isClosing.IsCancellationRequested)
        {
            throw Closed();
        }
    }

    private static WebRtcException Closed() => new(WebRtcError.Closed, "The connection is closed.");
}
