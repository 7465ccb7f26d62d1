using System.Threading.Channels;
using Bowline.Node.Link;

namespace Bowline.Node.Tests.Fakes;

/// <summary>Connections that exist on paper; what the loop does with them is read from <see cref="NextAsync"/>.</summary>
internal sealed class FakeDialer : ILinkDialer
{
    private readonly Channel<string> _log = Channel.CreateUnbounded<string>();

    public List<FakeLink> Links { get; } = [];

    /// <summary>Fail dials with this.</summary>
    public NodeException? Failure { get; set; }

    public Task<ILinkConnection> DialAsync(LinkSession session, ILinkWatcher watcher, CancellationToken cancellationToken)
    {
        if (Failure is { } failure)
        {
            _log.Writer.TryWrite("dial failed");
            throw failure;
        }

        var link = new FakeLink(Links.Count + 1, watcher, _log.Writer);
        Links.Add(link);
        _log.Writer.TryWrite($"dial {link.Number} {session.Jwt}");
        return Task.FromResult<ILinkConnection>(link);
    }

    /// <summary>The next thing the loop did.</summary>
    public async Task<string> NextAsync() => await _log.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    internal sealed class FakeLink(int number, ILinkWatcher watcher, ChannelWriter<string> log) : ILinkConnection
    {
        public int Number => number;

        public ILinkWatcher Watcher => watcher;

        /// <summary>False: pings hang until they are given up.</summary>
        public bool Answers { get; set; } = true;

        public async Task PingAsync(CancellationToken cancellationToken)
        {
            log.TryWrite($"ping {number}");
            if (!Answers)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
        }

        public Task SayHereAsync(HereReason reason, CancellationToken cancellationToken) => Write($"here {number} {reason}");

        public Task SayGoodbyeAsync(CancellationToken cancellationToken) => Write($"goodbye {number}");

        public Task DrainAsync(CancellationToken deadline) => Write($"drain {number}");

        public ValueTask DisposeAsync()
        {
            log.TryWrite($"close {number}");
            return ValueTask.CompletedTask;
        }

        private Task Write(string line)
        {
            log.TryWrite(line);
            return Task.CompletedTask;
        }
    }
}
