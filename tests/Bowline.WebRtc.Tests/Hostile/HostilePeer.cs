using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Bowline.WebRtc.Tests.Delivery;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Hostile;

/// <summary>A peer that keeps the rules up to where a test breaks them: it has the keys, so whatever it sends arrives decrypted at the layer it is meant for.</summary>
internal sealed class HostilePeer : IDtlsOwner, ISctpOwner, IDatagramReceiver, IAsyncDisposable
{
    private const int SctpInitMessageOption = 0x03;
    private const int ResetStreams = 0x901;
    private const ushort RequestParameter = 13;
    private const ushort ConfirmationParameter = 16;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly DtlsCertificate _certificate = DtlsCertificate.Create(TimeProvider.System);
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryPath _path;
    private readonly MemoryPath _victimsPath;
    private DtlsTransport? _dtls;
    private SctpAssociation? _association;
    private TaskCompletionSource _upAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _header;
    private bool _isRaw;
    private bool _isMute;

    private HostilePeer(PeerConnection victim)
    {
        Victim = victim;
        (_path, _victimsPath) = MemoryPath.CreatePair();
    }

    public PeerConnection Victim { get; }

    /// <summary>This peer's own end of the association.</summary>
    public SctpAssociation Association => _association!;

    /// <summary>The path's end at the victim, for datagrams that nobody sent.</summary>
    public MemoryPath VictimsPath => _victimsPath;

    /// <summary>The end of this peer.</summary>
    public MemoryPath Path => _path;

    /// <summary>The number of the next piece of data that the victim expects from this peer.</summary>
    public uint NextNumber { get; private set; }

    /// <summary>What the victim said, with the protocol of each.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<(ushort Stream, uint Ppid, byte[] Content)> Heard { get; } = new();

    /// <summary>Ports and tag of the packets to the victim.</summary>
    public ulong Header => Interlocked.Read(ref _header);

    /// <summary>The announcement of a channel.</summary>
    public static byte[] Open(string label, string protocol)
    {
        var open = DcepOpen.For(label, new() { Protocol = protocol });
        var bytes = new byte[DcepCodec.GetSize(open)];
        DcepCodec.WriteOpen(open, bytes);
        return bytes;
    }

    /// <summary>Streams of this peer whose reset the victim has confirmed.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<ushort> Confirmed { get; } = new();

    /// <summary>Streams that the victim has reset.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<ushort> Resets { get; } = new();

    /// <summary>Whether the victim never hears that its resets were taken (RFC 6525, section 4.4).</summary>
    public bool LosesConfirmations { get; set; }

    /// <summary>Connects to a victim over a path in memory; its association is up afterwards.</summary>
    public static async Task<HostilePeer> ConnectAsync(PeerConnectionOptions? options = null, bool negotiate = true)
    {
        var peer = new HostilePeer(PeerConnection.Create(options ?? PeerPair.Loopback));
        peer.Victim.UsePath(peer._victimsPath);
        peer._path.Start(peer);
        if (negotiate)
        {
            await peer.NegotiateAsync();
        }

        return peer;
    }

    public async Task NegotiateAsync()
    {
        // A connection that never gets a path makes the description; its addresses are left out.
        await using var scribe = PeerConnection.Create(PeerPair.Loopback with { Certificate = _certificate });
        var offer = await Victim.CreateOfferAsync();
        await scribe.SetRemoteDescriptionAsync(WithoutAddresses(offer));
        var answer = await scribe.CreateAnswerAsync();
        _dtls = new(_certificate.GetContext(), isClient: true, new(SdpNegotiation.Read(offer).Data.Fingerprints), this);
        await Victim.SetRemoteDescriptionAsync(WithoutAddresses(answer));
        _dtls.Begin();
        await _up.Task.WaitAsync(Limit);
        await ChannelTests.WaitUntilAsync(() => Victim.Status.State != PeerConnectionState.Connecting);
    }

    /// <summary>The association still carries a channel and its message, both ways.</summary>
    public async Task TalkAsync(ushort stream = 20)
    {
        SendMessage(stream, DataChannelPpid.Control, Open("talk", ""));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await foreach (var channel in Victim.ReadChannelsAsync(limit.Token))
        {
            if (channel.Label == "talk")
            {
                SendMessage(stream, DataChannelPpid.Text, "are you there?"u8);
                await using var messages = channel.ReadAllAsync().GetAsyncEnumerator();
                using var message = await EchoTests.NextAsync(messages);
                Assert.Equal("are you there?", message.GetText());
                await channel.SendTextAsync("yes");
                await ChannelTests.WaitUntilAsync(() => Heard.Any(heard => heard.Stream == stream && heard.Ppid == DataChannelPpid.Text && Encoding.UTF8.GetString(heard.Content) == "yes"));
                return;
            }
        }
    }

    /// <summary>Begins a new association in the place of the old one, of which the victim is told nothing.</summary>
    public async Task RestartAsync(ushort outgoing, ushort incoming)
    {
        _isMute = true; // Its end has an ABORT.
        await _association!.CloseAsync();
        _isMute = false;
        _upAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var next = NewAssociation();
        lock (next.Sender.Gate)
        {
            Set(next, SctpInitMessageOption, new SctpInitMessage { OutgoingStreams = outgoing, IncomingStreams = incoming, Attempts = 10, LongestTimeout = 400 }, length: 8);
        }

        _association = next;
        next.Connect(SctpPorts.Local);
        await _upAgain.Task.WaitAsync(Limit);
    }

    /// <summary>Sets an option of this peer's own association.</summary>
    public static unsafe void Set<T>(SctpAssociation association, int option, T value, int length)
        where T : unmanaged
    {
        lock (association.Sender.Gate)
        {
            SctpSettings.Require(LibUsrsctp.usrsctp_setsockopt(Socket(association), SctpSettings.Level, option, &value, (uint)length), $"option {option:x}");
        }
    }

    /// <summary>Resets streams of this peer; all of them when none is named.</summary>
    public void Reset(params ReadOnlySpan<ushort> streams)
    {
        if (streams.IsEmpty)
        {
            Set(_association!, ResetStreams, new SctpResetStream { Flags = SctpResetStream.Outgoing }, length: 8);
        }

        foreach (var stream in streams)
        {
            Set(_association!, ResetStreams, new SctpResetStream { Flags = SctpResetStream.Outgoing, Count = 1, Stream = stream }, length: 10);
        }
    }

    /// <summary>From now on nothing that the victim sends is acknowledged.</summary>
    public void GoDeaf() => _isRaw = true;

    /// <summary>Ends DTLS, with its notice to the victim, and says nothing of SCTP.</summary>
    public void EndDtls() => _dtls!.Dispose();

    /// <summary>Sends bytes in the place of an SCTP packet.</summary>
    public bool SendPacket(ReadOnlySpan<byte> packet) => _dtls!.Send(packet);

    /// <summary>Sends chunks with the right ports, tag and checksum.</summary>
    public void SendChunks(ReadOnlySpan<byte> chunks)
    {
        var packet = new byte[12 + chunks.Length];
        BinaryPrimitives.WriteUInt64BigEndian(packet, Header);
        chunks.CopyTo(packet.AsSpan(12));
        SctpChecksum.Write(packet);
        Assert.True(SendPacket(packet));
    }

    /// <summary>Sends a DATA chunk by hand; from the first on, this peer's own association is deaf, since it knows nothing of them.</summary>
    public void SendData(ushort stream, ushort sequence, uint ppid, ReadOnlySpan<byte> content, bool isFirst = true, bool isLast = true, bool isUnordered = false)
    {
        _isRaw = true;
        var chunk = new byte[(16 + content.Length + 3) & ~3];
        chunk[1] = (byte)((isUnordered ? 4 : 0) | (isFirst ? 2 : 0) | (isLast ? 1 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(2), (ushort)(16 + content.Length));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4), NextNumber++);
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(8), stream);
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(10), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(12), ppid);
        content.CopyTo(chunk.AsSpan(16));
        SendChunks(chunk);
    }

    /// <summary>Sends a message by the rules, with any stream, protocol and content.</summary>
    public void SendMessage(ushort stream, uint ppid, ReadOnlySpan<byte> content) => _association!.Sender.SendControl(
        new() { Valid = SctpSendParameters.HasStream, Stream = stream, Ppid = BinaryPrimitives.ReverseEndianness(ppid) }, content);

    public async ValueTask DisposeAsync()
    {
        await Victim.DisposeAsync();
        if (_association is { } association)
        {
            await association.CloseAsync();
        }

        _dtls?.Dispose();
        await _path.DisposeAsync();
        await _victimsPath.DisposeAsync();
        _certificate.Dispose();
    }

    void IDatagramReceiver.Receive(IDatagramPath path, ReadOnlySpan<byte> datagram) => _dtls?.Receive(datagram);

    void IDtlsOwner.SendDatagram(ReadOnlySpan<byte> datagram) => _path.TrySend(datagram);

    void IDtlsOwner.HandshakeDone()
    {
        _association = NewAssociation();
        _association.Connect(SctpPorts.Local);
    }

    void IDtlsOwner.TakePacket(ReadOnlySpan<byte> packet)
    {
        if (!_isRaw)
        {
            _association?.TryInput(packet);
        }
    }

    void IDtlsOwner.RefuseDatagram()
    {
    }

    void IDtlsOwner.DtlsEnded(WebRtcException reason) => _up.TrySetException(reason);

    bool ISctpOwner.CanTakeMessages() => true;

    void ISctpOwner.Drained()
    {
    }

    bool ISctpOwner.SendPacket(ReadOnlySpan<byte> packet)
    {
        if (_isMute || (LosesConfirmations && Find(packet[12..], ConfirmationParameter) >= 0))
        {
            return true;
        }

        if (LosesConfirmations && Find(packet[12..], RequestParameter) is >= 0 and var request)
        {
            packet = WithoutConfirmation(packet, 12 + request);
        }

        if (packet.Length >= 32 && packet[12] is 1 or 2)
        {
            NextNumber = BinaryPrimitives.ReadUInt32BigEndian(packet[28..]); // INIT or INIT ACK tells where our numbers begin.
        }
        else
        {
            Interlocked.Exchange(ref _header, BinaryPrimitives.ReadUInt64BigEndian(packet));
        }

        return _dtls!.Send(packet);
    }

    void ISctpOwner.AssociationUp(int outgoingStreams, int incomingStreams)
    {
        _up.TrySetResult();
        _upAgain.TrySetResult();
    }

    void ISctpOwner.AssociationEnded(WebRtcException reason) => _up.TrySetException(reason);

    void ISctpOwner.TakeMessagePart(ushort stream, uint ppid, ReadOnlySpan<byte> part, bool isEnd) => Heard.Enqueue((stream, ppid, part.ToArray()));

    void ISctpOwner.IncomingReset(ReadOnlySpan<ushort> streams)
    {
        foreach (var stream in streams)
        {
            Resets.Enqueue(stream);
        }
    }

    void ISctpOwner.OutgoingReset(ReadOnlySpan<ushort> streams, bool isRefused)
    {
        foreach (var stream in streams)
        {
            Confirmed.Enqueue(stream);
        }
    }

    void ISctpOwner.ControlSent()
    {
    }

    void ISctpOwner.Fault(Exception fault) => _up.TrySetException(fault);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref nint Socket(SctpAssociation association);

    /// <summary>Where the chunk is that has such a parameter first; -1 when there is none.</summary>
    private static int Find(ReadOnlySpan<byte> chunks, ushort parameter)
    {
        var all = chunks;
        while (SctpChunks.TryTake(ref chunks, out var chunk))
        {
            if (chunk[0] == SctpChunks.Reconfiguration && chunk.Length >= 8 && BinaryPrimitives.ReadUInt16BigEndian(chunk[4..]) == parameter)
            {
                return all.Length - chunks.Length - chunk.Length;
            }
        }

        return -1;
    }

    /// <summary>A request of ours says which of the victim's was taken last (RFC 6525, section 4.1), which usrsctp takes for its confirmation; other peers' requests do not.</summary>
    private static byte[] WithoutConfirmation(ReadOnlySpan<byte> packet, int chunk)
    {
        var bytes = packet.ToArray();
        bytes.AsSpan(chunk + 12, 4).Clear();
        SctpChecksum.Write(bytes);
        return bytes;
    }

    private SctpAssociation NewAssociation() => new(WebRtcEngine.Shared, new(), SctpPorts.Local, streams: 256, longestMessage: 256 * 1024, this);

    internal static SessionDescription WithoutAddresses(SessionDescription description) =>
        description with { Sdp = string.Concat(description.Sdp.Split("\r\n").Where(static line => line.Length > 0 && !line.StartsWith("a=candidate", StringComparison.Ordinal)).Select(static line => line + "\r\n")) };
}
