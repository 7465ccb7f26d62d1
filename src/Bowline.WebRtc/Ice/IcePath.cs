using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>
/// One generation of ICE over libnice: one agent, one stream, one component. A restart of ICE is a new one beside the old,
/// with addresses gathered afresh, so a machine that changed networks restarts like any other. Its owner calls it from one thread at a
/// time; only <see cref="TrySend"/> is free of that (<see cref="IceSender"/>). libnice calls back without holding a lock of its own.
/// </summary>
internal sealed unsafe class IcePath : IDatagramPath
{
    private const int SocketBuffer = 1024 * 1024;

    /// <summary>Datagrams taken at once, well under a millisecond of work: then the other connections of the thread have their turn.</summary>
    private const int MostAtOnce = 32;

    private static long _lastId;

    private readonly nint _id = (nint)Interlocked.Increment(ref _lastId);
    private readonly WebRtcEngine _engine;
    private readonly IIcePathOwner _owner;
    private readonly IceSender _sender;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDatagramReceiver? _receiver;
    private nint _agent;
    private uint _stream;
    private int _taken;
    private volatile bool _hasConnected;
    private IceState _toldState;
    private CandidatePair? _toldPair;

    internal IcePath(WebRtcEngine engine, IcePathOptions options, IIcePathOwner owner)
    {
        (_engine, _owner) = (engine, owner);
        _agent = LibNice.nice_agent_new_full(engine.Timers.Context, LibNice.CompatibilityRfc5245, LibNice.Options);
        IceCallbacks.Add(_id, this);
        Configure(options);
        _sender = new(_agent, _stream);
        (UserFragment, Password) = ReadCredentials();
    }

    /// <summary>ice-ufrag of this side.</summary>
    internal string UserFragment { get; }

    /// <summary>ice-pwd of this side.</summary>
    internal string Password { get; }

    /// <summary>It carries, or has carried, so the other side may still send by it after a restart.</summary>
    internal bool HasConnected
    {
        get => _hasConnected;
        private set => _hasConnected = value;
    }

    /// <summary>Datagrams go past libnice (<see cref="DirectSocket"/>).</summary>
    internal bool IsDirect => _sender.IsDirect;

    public void Start(IDatagramReceiver receiver) => Volatile.Write(ref _receiver, receiver);

    /// <summary>Gathers; the owner is told of the addresses of this machine before it returns, of the others later.</summary>
    internal bool Gather()
    {
        var agent = _agent;
        var begun = LibNice.nice_agent_gather_candidates(agent, _stream) != 0;
        EnlargeBuffers();
        return begun;
    }

    internal void SetRemote(string userFragment, string password)
    {
        if (_agent != 0)
        {
            LibNice.nice_agent_set_remote_credentials(_agent, _stream, userFragment, password);
        }
    }

    /// <summary>Adds an address of the other side; false when libnice cannot make anything of it.</summary>
    internal bool AddRemoteCandidate(string candidate)
    {
        if (_agent == 0)
        {
            return true;
        }

        var parsed = LibNice.nice_agent_parse_remote_candidate_sdp(_agent, _stream, "a=" + candidate);
        if (parsed == 0)
        {
            return false;
        }

        var list = LibGLib.g_slist_append(0, parsed);
        var added = LibNice.nice_agent_set_remote_candidates(_agent, _stream, LibNice.Component, list);
        LibGLib.g_slist_free(list);
        LibNice.nice_candidate_free(parsed);
        return added >= 0;
    }

    internal void RemoteGatheringDone()
    {
        if (_agent != 0)
        {
            LibNice.nice_agent_peer_candidate_gathering_done(_agent, _stream);
        }
    }

    public bool TrySend(ReadOnlySpan<byte> datagram) => _sender.TrySend(datagram);

    public ValueTask DisposeAsync()
    {
        Close();
        return new(_closed.Task);
    }

    /// <summary>Ends it; sockets and allocations are given back soon, on the I/O thread.</summary>
    internal void Close()
    {
        var agent = Interlocked.Exchange(ref _agent, 0);
        if (agent == 0)
        {
            return;
        }

        _sender.Close();
        IceCallbacks.Remove(_id);
        LibGLib.g_signal_handlers_disconnect_matched(agent, LibGLib.SignalMatchData, 0, 0, 0, 0, _id);
        _engine.Io.Post(() =>
        {
            LibNice.nice_agent_attach_recv(agent, _stream, LibNice.Component, _engine.Io.Context, null, 0);
            LibNice.nice_agent_remove_stream(agent, _stream);
            LibNice.nice_agent_close_async(agent, &IceCallbacks.Closed, IceCallbacks.AddClosing(_closed));
        });
    }

    internal void Fault(Exception fault) => _owner.Faulted(fault);

    internal void TakeDatagram(ReadOnlySpan<byte> datagram)
    {
        if (_taken == 0)
        {
            GLibLoop.KeepPolled();
        }

        SendBurst.TryJoin(_sender);
        if (++_taken == MostAtOnce)
        {
            _taken = 0;
            Pause();
        }

        Volatile.Read(ref _receiver)?.Receive(this, datagram);
    }

    internal void TakeCandidate(nint candidate)
    {
        if (Describe(candidate) is { } text)
        {
            _owner.CandidateFound(this, text);
        }
    }

    /// <summary>libnice calls back from two threads, so the last address may still be on its way when it says that there are no more: all are told first.</summary>
    internal void TakeGatheringDone()
    {
        foreach (var candidate in ReadCandidates())
        {
            _owner.CandidateFound(this, candidate);
        }

        _owner.GatheringDone(this);
    }

    internal void TakeState(IceState state)
    {
        if (state == IceState.Connected)
        {
            HasConnected = true;
        }

        TellSoon();
    }

    internal void TakePair() => TellSoon();

    /// <summary>
    /// libnice tells of changes in no certain order, some from inside a call that sends, which is under locks of ours. So the loop is
    /// asked to look what holds now, and to tell that.
    /// </summary>
    private void TellSoon() => _engine.Timers.Post(() =>
    {
        try
        {
            if (_sender.TryRead(out var state, out var pair))
            {
                Tell(state, pair);
            }
        }
        catch (Exception e)
        {
            _owner.Faulted(e);
        }
    });

    private void Tell(IceState state, CandidatePair? pair)
    {
        if (pair is not null && pair != _toldPair)
        {
            _toldPair = pair;
            _owner.PairSelected(this, pair);
        }

        if (state != _toldState)
        {
            _toldState = state;
            _owner.StateChanged(this, state);
        }
    }

    private List<string> ReadCandidates()
    {
        var found = new List<string>();
        var agent = Volatile.Read(ref _agent);
        var list = agent == 0 ? 0 : LibNice.nice_agent_get_local_candidates(agent, _stream, LibNice.Component);
        for (var item = (LibGLib.GSList*)list; item != null; item = item->Next)
        {
            if (Describe(item->Data) is { } text)
            {
                found.Add(text);
            }

            LibNice.nice_candidate_free(item->Data);
        }

        LibGLib.g_slist_free(list);
        return found;
    }

    private string? Describe(nint candidate) => Volatile.Read(ref _agent) is not 0 and var agent ? IceText.Describe(agent, candidate) : null;

    private void Configure(IcePathOptions options)
    {
        LibGLib.Set(_agent, "controlling-mode", options.IsControlling);
        LibGLib.Set(_agent, "upnp", value: false);
        LibGLib.Set(_agent, "ice-tcp", value: false);
        LibGLib.Set(_agent, "keepalive-conncheck", value: false);
        LibGLib.Set(_agent, "stun-pacing-timer", (uint)IceTimings.Pacing.TotalMilliseconds);
        LibGLib.Set(_agent, "force-relay", options.IsRelayOnly);
        if (options.Stun is { } stun)
        {
            LibGLib.Set(_agent, "stun-server", stun.Address.ToString());
            LibGLib.Set(_agent, "stun-server-port", (uint)stun.Port);
        }

        foreach (var address in options.Addresses)
        {
            var native = LibNice.nice_address_new();
            LibNice.nice_address_set_from_string(native, address.ToString());
            LibNice.nice_agent_add_local_address(_agent, native);
            LibNice.nice_address_free(native);
        }

        IceCallbacks.Connect(_agent, _id);
        _stream = LibNice.nice_agent_add_stream(_agent, 1);
        if (options.Ports is { } ports)
        {
            LibNice.nice_agent_set_port_range(_agent, _stream, LibNice.Component, (uint)ports.Lowest, (uint)ports.Highest);
        }

        foreach (var (endPoint, server) in options.Relays)
        {
            LibNice.nice_agent_set_relay_info(
                _agent, _stream, LibNice.Component, endPoint.Address.ToString(), (uint)endPoint.Port, server.User!, server.Password!,
                server.Kind == IceServerKind.TurnTcp ? LibNice.RelayTcp : LibNice.RelayUdp);
        }

        LibNice.nice_agent_attach_recv(_agent, _stream, LibNice.Component, _engine.Io.Context, &IceCallbacks.Received, _id);
    }

    /// <summary>libnice reads a socket until it is empty, which a busy one never is; without a receiver it stops, and goes on after the others.</summary>
    private void Pause()
    {
        if (Volatile.Read(ref _agent) is not 0 and var agent)
        {
            LibNice.nice_agent_attach_recv(agent, _stream, LibNice.Component, _engine.Io.Context, null, 0);
            _engine.Io.Post(Resume);
        }
    }

    private void Resume()
    {
        if (Volatile.Read(ref _agent) is not 0 and var agent)
        {
            LibNice.nice_agent_attach_recv(agent, _stream, LibNice.Component, _engine.Io.Context, &IceCallbacks.Received, _id);
        }
    }

    private (string UserFragment, string Password) ReadCredentials()
    {
        LibNice.nice_agent_get_local_credentials(_agent, _stream, out var userFragment, out var password);
        var result = (Marshal.PtrToStringUTF8(userFragment)!, Marshal.PtrToStringUTF8(password)!);
        LibGLib.g_free(userFragment);
        LibGLib.g_free(password);
        return result;
    }

    /// <summary>The kernel's default holds about 90 packets; each one lost costs a retransmission timeout.</summary>
    private void EnlargeBuffers()
    {
        var sockets = LibNice.nice_agent_get_sockets(_agent, _stream, LibNice.Component);
        if (sockets == 0)
        {
            return;
        }

        var array = (LibGLib.GPtrArray*)sockets;
        for (var i = 0; i < array->Length; i++)
        {
            LibcSockets.SetBuffers(LibGLib.g_socket_get_fd(array->Items[i]), SocketBuffer);
        }

        LibGLib.g_ptr_array_unref(sockets);
    }
}
