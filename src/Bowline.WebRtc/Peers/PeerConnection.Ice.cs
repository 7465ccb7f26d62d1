using System.Net;
using System.Net.Sockets;

namespace Bowline.WebRtc;

/// <content>The generations of ICE and their addresses.</content>
public sealed partial class PeerConnection
{
    /// <summary>Addresses of the other side that came before its description.</summary>
    private const int MostEarly = IceGeneration.MostRemote;

    private readonly Lock _gate = new();
    private readonly List<IceCandidate> _early = [];
    private readonly List<IceGeneration> _retired = [];
    private SignalingState _signaling;
    private IceGeneration? _current;
    private IceGeneration? _pending;

    /// <inheritdoc/>
    public Task AddIceCandidateAsync(IceCandidate candidate, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (!candidate.IsEndOfCandidates && !CandidateLine.TryParse(candidate.Candidate, out _, out var problem))
        {
            throw new WebRtcException(WebRtcError.MalformedDescription, $"The candidate cannot be read: {problem}.");
        }

        return TakeTurnAsync(
            _ =>
            {
                IceGeneration? generation;
                lock (_gate)
                {
                    var isWaiting = _signaling is SignalingState.HaveLocalOffer or SignalingState.HaveRemoteOffer || _current is null;
                    generation = _current?.Takes(candidate.UsernameFragment) == true && !(isWaiting && candidate.UsernameFragment is null) ? _current : null;
                    if (generation is null && isWaiting)
                    {
                        if (_early.Count >= MostEarly)
                        {
                            throw new WebRtcException(WebRtcError.LimitReached, $"More than {MostEarly} candidates came before a description of the other side.");
                        }

                        _early.Add(candidate);
                        return Task.FromResult(true);
                    }
                }

                if (generation is null)
                {
                    _channels.Counters.DropCandidate();
                }
                else if (!TryAdd(generation, candidate))
                {
                    throw new WebRtcException(WebRtcError.LimitReached, $"The other side has more than {IceGeneration.MostRemote} candidates.");
                }

                return Task.FromResult(true);
            },
            cancel);
    }

    void IDatagramReceiver.Receive(IDatagramPath path, ReadOnlySpan<byte> datagram) => _transport.Receive(path, datagram);

    void IIcePathOwner.CandidateFound(IcePath path, string candidate)
    {
        if (!CandidateLine.TryParse(candidate, out var line, out _))
        {
            return;
        }

        if (line.Kind == CandidateKind.PeerReflexive || (_options.IsRelayOnly && line.Kind != CandidateKind.Relayed))
        {
            return; // What the checks find is not told, and nothing of this machine where only relays may carry.
        }

        if (_options.IsRelayOnly)
        {
            line = line.WithoutRelatedAddress();
        }

        lock (_gate)
        {
            if (Find(path) is not { } generation || generation.Local.Contains(line))
            {
                return;
            }

            generation.Local.Add(line);
            if (generation.IsDescribed && !_found.Writer.TryWrite(new(line.ToString(), _mid, 0, path.UserFragment)))
            {
                _channels.Counters.DropCandidate();
            }
        }
    }

    void IIcePathOwner.GatheringDone(IcePath path)
    {
        lock (_gate)
        {
            if (Find(path) is { } generation)
            {
                generation.IsGathered = true;
                _found.Writer.TryWrite(new("", _mid, 0, path.UserFragment));
            }
        }
    }

    void IIcePathOwner.StateChanged(IcePath path, IceState state)
    {
        bool isUsed;
        CandidatePair? pair;
        List<IceGeneration> old;
        lock (_gate)
        {
            var generation = Find(path);
            if (generation is null || ReferenceEquals(generation, _pending) || _retired.Contains(generation))
            {
                return;
            }

            isUsed = state == IceState.Connected && generation.State != IceState.Connected;
            generation.State = state;
            pair = generation.Pair;
            old = isUsed ? [.. _retired] : [];
        }

        _channels.Telemetry.IceChanged(state);
        _status.Change(status => status with { Ice = state });
        if (isUsed)
        {
            _transport.UsePath(path);
            TellPair(path, pair);
            if (old.Count > 0)
            {
                _tasks.Run(() => RetireAsync(old));
            }
        }
    }

    void IIcePathOwner.PairSelected(IcePath path, CandidatePair pair)
    {
        lock (_gate)
        {
            if (_current?.Path != path)
            {
                return;
            }

            _current.Pair = pair;
        }

        _channels.Telemetry.PairSelected(pair);
        TellPair(path, pair);
    }

    void IIcePathOwner.Faulted(Exception fault) => _transport.Fault(fault);

    /// <summary>Drops and counts addresses that no description came for. Called under the lock.</summary>
    private void DropEarly(Predicate<IceCandidate> isNoUse)
    {
        foreach (var candidate in _early.FindAll(isNoUse))
        {
            _early.Remove(candidate);
            if (!candidate.IsEndOfCandidates)
            {
                _channels.Counters.DropCandidate();
            }
        }
    }

    /// <summary>A pair is told while it carries: not before ICE has connected, and not beside another path.</summary>
    private void TellPair(IcePath path, CandidatePair? pair) => _status.Change(status => _transport.Uses(path) ? status with { Pair = pair } : status);

    private IceGeneration? Find(IcePath path) =>
        _current?.Path == path ? _current : _pending?.Path == path ? _pending : _retired.Find(generation => generation.Path == path);

    /// <summary>Makes a generation and gathers its addresses; those of this machine are known when it returns.</summary>
    private async Task<IceGeneration> GatherAsync(CancellationToken cancel)
    {
        var addresses = LocalAddresses.Find(_options.CandidateFilter);
        if (addresses.Count == 0)
        {
            throw new WebRtcException(WebRtcError.NoLocalAddress, "No address of this machine passes the candidate filter. Is a network up? Peers on one machine need IncludeLoopback.");
        }

        var (stun, relays) = await ResolveServersAsync(addresses, cancel).ConfigureAwait(false);
        var generation = new IceGeneration();
        var path = new IcePath(
            _engine,
            new() { IsControlling = _isControlling!.Value, Addresses = addresses, Stun = stun, Relays = relays, IsRelayOnly = _options.IsRelayOnly, Ports = _options.Ports },
            this);
        generation.Path = path;
        path.Start(_transport);
        lock (_gate)
        {
            _pending = generation; // Addresses are found from now on.
        }

        if (!path.Gather())
        {
            lock (_gate)
            {
                _pending = null;
            }

            path.Close();
            throw new WebRtcException(WebRtcError.NoLocalAddress, "No UDP port could be opened on any address of this machine.");
        }

        return generation;
    }

    private async Task<(IPEndPoint? Stun, List<(IPEndPoint EndPoint, IceServer Server)> Relays)> ResolveServersAsync(IReadOnlyList<IPAddress> own, CancellationToken cancel)
    {
        IPEndPoint? stun = null;
        var relays = new List<(IPEndPoint EndPoint, IceServer Server)>();
        foreach (var server in _options.IceServers.Where(server => server.Kind != IceServerKind.Stun || stun is null))
        {
            var addresses = await ResolveAsync(server.Host, cancel).ConfigureAwait(false);
            if (server.Kind != IceServerKind.Stun)
            {
                relays.AddRange(addresses.Select(address => (new IPEndPoint(address, server.Port), server)));
            }
            else if (LocalAddresses.Reachable(addresses, own) is { } address)
            {
                stun = new(address, server.Port);
            }
        }

        return (stun, relays);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel)
    {
        try
        {
            if (IPAddress.TryParse(host, out var address))
            {
                return [address];
            }

            // A question to the system cannot be called back: who gives up goes on, and nobody hears the answer.
            var asked = _options.ResolveHost(host, cancel);
            _ = asked.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return await asked.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            _channels.Counters.DropCandidate(); // A server that cannot be found is one address fewer, not the end.
            return [];
        }
    }

    /// <summary>Gives an address of the other side to its generation. Called in the turn of the negotiation.</summary>
    /// <returns>False when there are too many; it is dropped then, and counted.</returns>
    private bool TryAdd(IceGeneration generation, IceCandidate candidate)
    {
        if (candidate.IsEndOfCandidates)
        {
            generation.Path.RemoteGatheringDone();
            return true;
        }

        return !CandidateLine.TryParse(candidate.Candidate, out var line, out _) || TryAdd(generation, line);
    }

    private bool TryAdd(IceGeneration generation, CandidateLine line)
    {
        var address = line with { Extensions = "" };
        if (generation.Remote.Contains(address))
        {
            return true;
        }

        if (generation.Remote.Count == IceGeneration.MostRemote)
        {
            _channels.Counters.DropCandidate();
            return false;
        }

        generation.Remote.Add(address);

        if (line.IsMdnsName)
        {
            _tasks.Run(() => ResolveLaterAsync(generation, line));
        }
        else if (!line.IsUdp || !IPAddress.TryParse(line.Address, out _) || !generation.Path.AddRemoteCandidate(line.ToString()))
        {
            _channels.Counters.DropCandidate();
        }

        return true;
    }

    private async Task ResolveLaterAsync(IceGeneration generation, CandidateLine line)
    {
        var address = await _options.Mdns.ResolveAsync(line.Address, _isClosing).ConfigureAwait(false);
        if (address is null)
        {
            _channels.Counters.DropCandidate(); // The pair is often found from the other side all the same.
            return;
        }

        await TakeTurnAsync(
            _ => Task.FromResult(!ReferenceEquals(generation, _current) || generation.Path.AddRemoteCandidate((line with { Address = address.ToString() }).ToString())),
            CancellationToken.None).ConfigureAwait(false);
    }

    private async Task RetireAsync(List<IceGeneration> old)
    {
        await Task.Delay(Linger, _options.Time, _isClosing).ConfigureAwait(false);
        await TakeTurnAsync(
            _ =>
            {
                lock (_gate)
                {
                    old.RemoveAll(generation => !_retired.Remove(generation));
                }

                old.ForEach(static generation => generation.Path.Close());
                return Task.FromResult(true);
            },
            CancellationToken.None).ConfigureAwait(false);
    }
}
