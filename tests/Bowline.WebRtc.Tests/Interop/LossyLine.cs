using System.Diagnostics;
using System.Security.Cryptography;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>Two peers that talk through a <see cref="DatagramRelay"/>, over channels that the offerer made.</summary>
internal sealed class LossyLine : IAsyncDisposable
{
    private const int Shortest = 200;
    private const int Longer = 4_000;

    /// <summary>The number that is said again and again until it is heard.</summary>
    private const int End = 500;

    /// <summary>Said when nothing is lost any more: on an ordered channel it is heard when all before it has come or been given up.</summary>
    private const int AfterTheEnd = 501;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly PeerProcess _offerer;
    private readonly PeerProcess _answerer;
    private readonly PeerProcess _ours;
    private readonly DatagramRelay _relay;
    private readonly bool _isInParts;

    private LossyLine(PeerProcess offerer, PeerProcess answerer, bool isOurOffer, bool isInParts)
    {
        (_offerer, _answerer, _isInParts) = (offerer, answerer, isInParts);
        _ours = isOurOffer ? offerer : answerer;
        _relay = new(offerer, answerer);
    }

    /// <param name="offering">"ours", "ndc" or "werift".</param>
    /// <param name="answering">The same.</param>
    /// <param name="isInParts">Whether every fourth message is so long that it is sent in several parts.</param>
    /// <param name="kinds">The channels.</param>
    public static async Task<LossyLine> ConnectAsync(string offering, string answering, bool isInParts, params ChannelKind[] kinds)
    {
        var peers = await Task.WhenAll(PeerProcess.StartAsync(offering, new { loopback = true }), PeerProcess.StartAsync(answering, new { loopback = true }));
        var line = new LossyLine(peers[0], peers[1], offering == "ours", isInParts);
        foreach (var kind in kinds)
        {
            await line._offerer.CommandAsync(new { @do = "channel", label = kind.Label, ordered = kind.IsOrdered, maxRetransmits = kind.Retransmits, maxPacketLifeTime = kind.Lifetime });
        }

        await PeerProcess.NegotiateAsync(line._offerer, line._answerer, change: line._relay.Change);
        foreach (var kind in kinds)
        {
            await Task.WhenAll(line._offerer.WaitAsync("open", kind.Label), line._answerer.WaitAsync("open", kind.Label));
            foreach (var (from, to) in ((PeerProcess, PeerProcess)[])[(line._offerer, line._answerer), (line._answerer, line._offerer)])
            {
                await line.SayAsync(from, kind, number: 0); // The opening is acknowledged, so that an unordered channel is unordered.
                await to.WaitAsync("message", kind.Label);
            }
        }

        return line;
    }

    /// <summary>Says numbered messages both ways on all channels at once while datagrams are lost, an end until it is heard, and another one when nothing is lost any more.</summary>
    /// <param name="count">How many there are on each channel, each way.</param>
    /// <param name="loss">The share that is lost of what the offerer sends, and of what the answerer sends.</param>
    /// <param name="closing">Whether and when the channels are closed, until both sides see it.</param>
    /// <param name="kinds">The channels.</param>
    /// <returns>Which messages came over each channel to the answerer, and which to the offerer.</returns>
    public async Task<Dictionary<ChannelKind, (List<int> There, List<int> Back)>> TalkAsync(int count, (double There, double Back) loss, Closing closing, params ChannelKind[] kinds)
    {
        var clock = Stopwatch.StartNew();
        _relay.Lose(_offerer, loss.There);
        _relay.Lose(_answerer, loss.Back);
        Ear[] ears = [new(this, _answerer, kinds, closing != Closing.Never), new(this, _offerer, kinds, closing != Closing.Never)];
        var listening = Task.WhenAll(ears.Select(static ear => ear.ListenAsync()));
        for (var number = 0; number < count; number++)
        {
            await SayAsync(kinds, number);
        }

        await SayUntilAsync(End, static ear => ear.Ended);
        if (closing != Closing.WhileLosing)
        {
            _relay.Lose(_offerer, 0);
            _relay.Lose(_answerer, 0);
            await SayUntilAsync(AfterTheEnd, static ear => ear.EndedAgain);
        }

        foreach (var kind in closing == Closing.Never ? [] : kinds)
        {
            await (closing == Closing.WhileLosing ? _offerer : _ours).CommandAsync(new { @do = "closeChannel", label = kind.Label });
        }

        await listening.WaitAsync(Limit);
        return kinds.ToDictionary(static kind => kind, kind => (ears[0].Numbers[kind.Label], ears[1].Numbers[kind.Label]));

        async Task SayUntilAsync(int number, Func<Ear, int> heard)
        {
            while (ears.Any(ear => heard(ear) < kinds.Length))
            {
                Assert.False(listening.IsFaulted, listening.Exception?.Message);
                Assert.InRange(clock.Elapsed, TimeSpan.Zero, Limit);
                await SayAsync(kinds, number);
                await Task.Delay(Pause);
            }
        }
    }

    public override string ToString() => $"lost {_relay.LostOf(_offerer)} datagrams there and {_relay.LostOf(_answerer)} back";

    public async ValueTask DisposeAsync()
    {
        await _offerer.DisposeAsync();
        await _answerer.DisposeAsync();
        await _relay.DisposeAsync();
    }

    private async Task SayAsync(ChannelKind[] kinds, int number)
    {
        foreach (var kind in kinds)
        {
            await SayAsync(_offerer, kind, number);
            await SayAsync(_answerer, kind, number);
        }
    }

    private Task SayAsync(PeerProcess peer, ChannelKind kind, int number) =>
        peer.CommandAsync(new { @do = "sendPattern", label = kind.Label, size = SizeOf(number), kind = "binary", seed = number });

    /// <summary>Each number has a size of its own.</summary>
    private int SizeOf(int number) => Shortest + number + (_isInParts && number % 4 == 3 ? Longer : 0);

    /// <summary>Hears what comes to one peer, until all its channels are closed or over.</summary>
    private sealed class Ear(LossyLine line, PeerProcess peer, ChannelKind[] kinds, bool isClosed)
    {
        private readonly HashSet<string> _ended = [];
        private readonly HashSet<string> _endedAgain = [];
        private volatile int _endedCount;
        private volatile int _endedAgainCount;

        /// <summary>On how many channels the end was heard.</summary>
        public int Ended => _endedCount;

        public int EndedAgain => _endedAgainCount;

        public Dictionary<string, List<int>> Numbers { get; } = kinds.ToDictionary(static kind => kind.Label, static _ => new List<int>());

        public async Task ListenAsync()
        {
            for (var open = kinds.Length; open > 0 && (isClosed || _endedAgainCount < kinds.Length);)
            {
                var e = await peer.WaitAsync(e => (string?)e["on"] is "message" or "closed" && Numbers.ContainsKey((string)e["label"]!));
                var label = (string)e["label"]!;
                if ((string)e["on"]! == "closed")
                {
                    open--;
                    continue;
                }

                var size = (int)e["size"]!;
                var number = (size >= Longer ? size - Longer : size) - Shortest;
                Assert.Equal(line.SizeOf(number), size);
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(PeerProgram.Pattern(size, number))), (string)e["sha256"]!);
                if (number == End)
                {
                    _ended.Add(label);
                    _endedCount = _ended.Count;
                }
                else if (number == AfterTheEnd)
                {
                    _endedAgain.Add(label);
                    _endedAgainCount = _endedAgain.Count;
                }
                else
                {
                    Numbers[label].Add(number);
                }
            }
        }
    }
}

/// <summary>Whether channels are closed at the end.</summary>
internal enum Closing
{
    Never,

    /// <summary>By our side, when nothing is lost any more.</summary>
    Afterwards,

    /// <summary>By the side that offered, while datagrams are lost.</summary>
    WhileLosing,
}

/// <summary>How a channel delivers, as its offerer asks for.</summary>
internal sealed record ChannelKind(string Label, bool IsOrdered = true, int? Retransmits = null, int? Lifetime = null);
