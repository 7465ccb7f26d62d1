using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Node.Link;
using Bowline.Testing.NatsServers;

namespace Bowline.Node.Tests.Link;

public sealed class NatsLinkConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Its_loss_is_told_unless_a_goodbye_was_said(bool goodbye, int told)
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var connection = new NatsConnection(new NatsOpts { Url = server.Url });
        await connection.ConnectAsync(TestContext.Current.CancellationToken);
        using var key = DeviceKey.Create();
        var watcher = new CountingWatcher();
        await using var link = new NatsLinkConnection(key.Id, connection, watcher);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionDisconnected += (_, _) =>
        {
            lost.TrySetResult(); // Behind the link's own handler.
            return ValueTask.CompletedTask;
        };
        if (goodbye)
        {
            await link.SayGoodbyeAsync(TestContext.Current.CancellationToken);
        }

        await server.KillAsync(TestContext.Current.CancellationToken);
        await lost.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(told, watcher.Losses);
    }

    private sealed class CountingWatcher : ILinkWatcher
    {
        public int Losses { get; private set; }

        public void Lost(string text) => Losses++;

        public void Regained()
        {
        }

        public void Rejected(string text)
        {
        }
    }
}
