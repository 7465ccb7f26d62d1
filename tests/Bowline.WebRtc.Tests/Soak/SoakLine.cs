using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Bowline.WebRtc.Tests.Interop;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Soak;

/// <summary>One long-lived connection to a process that echoes: messages of one size go out without end, and each must come back, whole and in order.</summary>
internal sealed class SoakLine : IAsyncDisposable
{
    private const int Header = 16; // Number and time of the message.
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<double> _roundTrips = new();
    private readonly SemaphoreSlim _window;
    private readonly SoakTraffic _traffic;
    private readonly byte[] _pattern;
    private readonly IDataChannel _channel;
    private readonly List<Task> _work = [];
    private long _sent;
    private long _received;
    private long _lastProgress = Stopwatch.GetTimestamp();

    private SoakLine(SoakTraffic traffic, PeerConnection connection, PeerProcess peer)
    {
        (_traffic, Connection, Peer) = (traffic, connection, peer);
        _window = new(traffic.Window);
        _pattern = PeerProgram.Pattern(traffic.Size, seed: 7);
        _channel = connection.CreateDataChannel("soak");
    }

    public string Name => _traffic.Name;

    public PeerConnection Connection { get; }

    public PeerProcess Peer { get; }

    public long Received => Volatile.Read(ref _received);

    /// <summary>How long nothing has come back although something is under way.</summary>
    public TimeSpan Silence => Volatile.Read(ref _sent) == Received ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Volatile.Read(ref _lastProgress));

    /// <summary>Ends when something of it has failed.</summary>
    public Task Failure { get; private set; } = Task.CompletedTask;

    public static async Task<SoakLine> StartAsync(SoakTraffic traffic)
    {
        var peer = await PeerProcess.StartAsync("ours", new { loopback = true, echo = true, quiet = true });
        var line = new SoakLine(traffic, PeerConnection.Create(PeerPair.Loopback), peer);
        await line.NegotiateAsync();
        await line._channel.WaitForOpenAsync().WaitAsync(TimeSpan.FromSeconds(30));
        line._work.Add(Task.Run(line.SendAsync));
        line._work.Add(Task.Run(line.ReceiveAsync));
        line.Failure = Task.WhenAny(line._work).Unwrap(); // Once: each such task hangs on those that live for the hour.
        return line;
    }

    /// <summary>Makes an offer, which restarts ICE when the connection was told so.</summary>
    public async Task NegotiateAsync()
    {
        await Peer.CommandAsync(new { @do = "accept", type = "offer", sdp = (await Connection.CreateOfferAsync()).Sdp });
        var answer = await Peer.WaitAsync("description");
        await Connection.SetRemoteDescriptionAsync(new(SessionDescriptionType.Answer, (string)answer["sdp"]!));
        JsonNode found;
        do
        {
            found = (await Peer.WaitAsync("candidate"))["candidate"]!;
            Assert.True(IceCandidate.TryFromJson(found.ToJsonString(), out var candidate));
            await Connection.AddIceCandidateAsync(candidate!);
        }
        while (!string.IsNullOrEmpty((string?)found["candidate"]));
    }

    /// <summary>The round trips since the last call, in milliseconds, sorted.</summary>
    public double[] TakeRoundTrips()
    {
        var taken = new List<double>();
        while (_roundTrips.TryDequeue(out var next))
        {
            taken.Add(next);
        }

        taken.Sort();
        return [.. taken];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var task in _work)
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Connection.DisposeAsync();
        await Peer.DisposeAsync();
        _stop.Dispose();
        _window.Dispose();
    }

    private async Task SendAsync()
    {
        var message = _pattern.ToArray();
        for (long number = 0; ; number++)
        {
            await _window.WaitAsync(_stop.Token);
            BinaryPrimitives.WriteInt64LittleEndian(message, number);
            BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(8), Stopwatch.GetTimestamp());
            if (Received == number)
            {
                Volatile.Write(ref _lastProgress, Stopwatch.GetTimestamp()); // Until now there was nothing to wait for.
            }

            Volatile.Write(ref _sent, number + 1);
            await _channel.SendAsync(message, _stop.Token);
            await Task.Delay(_traffic.Pause, _stop.Token);
        }
    }

    private async Task ReceiveAsync()
    {
        await foreach (var message in _channel.ReadAllAsync(_stop.Token))
        {
            using (message)
            {
                var content = message.Content.Span;
                Assert.Equal(_traffic.Size, content.Length);
                Assert.Equal(_received, BinaryPrimitives.ReadInt64LittleEndian(content));
                Assert.True(content[Header..].SequenceEqual(_pattern.AsSpan(Header)));
                _roundTrips.Enqueue(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(content[8..])).TotalMilliseconds);
            }

            Volatile.Write(ref _lastProgress, Stopwatch.GetTimestamp());
            Interlocked.Increment(ref _received);
            _window.Release();
        }

        throw new InvalidOperationException($"The channel of {Name} ended.");
    }
}
