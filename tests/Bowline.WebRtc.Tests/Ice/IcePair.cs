using System.Net;
using System.Threading.Channels;

namespace Bowline.WebRtc.Tests.Ice;

/// <summary>Two paths of ICE over loopback, connected, without anything above them.</summary>
internal sealed class IcePair : IAsyncDisposable
{
    private readonly End _one = new();
    private readonly End _other = new();

    public IcePath One => _one.Path;

    public IcePath Other => _other.Path;

    public static async Task<IcePair> ConnectAsync()
    {
        var pair = new IcePair();
        pair._one.Begin(isControlling: true);
        pair._other.Begin(isControlling: false);
        pair._one.Take(pair._other);
        pair._other.Take(pair._one);
        await Task.WhenAll(pair._one.Connected, pair._other.Connected).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(pair.One.IsDirect && pair.Other.IsDirect); // Opened before the state is told.
        return pair;
    }

    /// <summary>The next datagrams that arrive at the other end are these, in this order.</summary>
    public async Task AssertReceivedAsync(params int[] expected)
    {
        foreach (var number in expected)
        {
            Assert.Equal(number, await _other.Received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        }
    }

    public async Task AssertSilentAsync()
    {
        await Task.Delay(50);
        Assert.Equal(0, _other.Received.Reader.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
    }

    private sealed class End : IIcePathOwner
    {
        private readonly List<string> _candidates = [];
        private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IcePath Path { get; private set; } = null!;

        public Channel<int> Received { get; } = Channel.CreateBounded<int>(1000);

        public Task Connected => _connected.Task;

        public void Begin(bool isControlling)
        {
            Path = new(WebRtcEngine.Shared, new() { IsControlling = isControlling, Addresses = [IPAddress.Loopback] }, this);
            Path.Start(this);
            Assert.True(Path.Gather());
        }

        public void Take(End other)
        {
            Path.SetRemote(other.Path.UserFragment, other.Path.Password);
            Assert.All(other._candidates, candidate => Assert.True(Path.AddRemoteCandidate(candidate)));
        }

        public void CandidateFound(IcePath path, string candidate) => _candidates.Add(candidate);

        public void GatheringDone(IcePath path)
        {
        }

        public void StateChanged(IcePath path, IceState state)
        {
            if (state == IceState.Connected)
            {
                _connected.TrySetResult();
            }
        }

        public void PairSelected(IcePath path, CandidatePair pair)
        {
        }

        public void Faulted(Exception fault) => _connected.TrySetException(fault);

        public void Receive(IDatagramPath path, ReadOnlySpan<byte> datagram) => Received.Writer.TryWrite(BitConverter.ToInt32(datagram));
    }
}
