using Bowline.Core.Health;
using Bowline.Core.Identity;
using Bowline.Hub.Devices;
using Bowline.Hub.Links;
using Bowline.Hub.Store;
using Bowline.Hub.Tests.Support;
using Bowline.Nats;
using Bowline.Nats.Jwt;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Hub.Tests.Links;

public sealed class RevocationPushTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_concurrent_revocations_the_list_with_both_lands_last()
    {
        await using var hub = await HubFixture.StartAsync();
        using var first = await hub.EnrolAsync("a");
        using var second = await hub.EnrolAsync("b");
        await first.CredentialsAsync();
        await second.CredentialsAsync();
        var landed = new List<string[]>();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var push = Push(hub, async (users, _) =>
        {
            if (begun.TrySetResult())
            {
                await slow.Task; // The first one is held up on its way.
            }

            landed.Add([.. users.Live.Keys.Order(StringComparer.Ordinal)]);
        });

        Revoke(hub, first.Id);
        var one = push.PushAsync(Token);
        await begun.Task;
        Revoke(hub, second.Id);
        var two = push.PushAsync(Token);
        slow.SetResult();
        await Task.WhenAll(one, two);
        Assert.Equal([[first.User.PublicKey], [.. new[] { first.User.PublicKey, second.User.PublicKey }.Order(StringComparer.Ordinal)]], landed);
    }

    [Fact]
    public async Task Many_concurrent_revocations_all_reach_the_server()
    {
        await using var hub = await HubFixture.StartAsync();
        var nats = hub.Get<Bowline.Hub.NatsServer.INatsBackend>();
        var devices = new List<(TestDevice Device, NatsCreds Creds)>();
        for (var i = 0; i < 4; i++)
        {
            var device = await hub.EnrolAsync();
            devices.Add((device, new NatsCreds(await device.CredentialsAsync(), device.User.Seed)));
        }

        await Task.WhenAll(devices.Select(d => Task.Run(() => hub.Get<DeviceRevocation>().RevokeAsync(d.Device.Id, "test", "here"), Token)));
        foreach (var (device, creds) in devices)
        {
            await Assert.ThrowsAsync<NatsServerException>(() => Hub.NatsServer.NatsDial.ConnectAsync(nats.Url!, creds, Token));
            device.Dispose();
        }
    }

    /// <summary>A credentials file that was taken away, an answer that makes no sense, a request that was given up: none of them may end the retries.</summary>
    [Theory]
    [InlineData(typeof(NatsException))]
    [InlineData(typeof(HubException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task A_failed_push_is_shown_and_tried_again_until_it_is_done(Type failure)
    {
        await using var hub = await HubFixture.StartAsync();
        var health = hub.Get<HealthTracker>();
        var tries = 0;
        var warned = 0;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var push = Push(hub, (_, _) =>
        {
            if (Interlocked.Increment(ref tries) < 3)
            {
                throw (Exception)Activator.CreateInstance(failure, "no")!;
            }

            warned = health.Visible.Count;
            done.SetResult();
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<NatsException>(() => push.PushAsync(Token));
        Assert.Equal("revocation-not-pushed", Assert.Single(health.Visible).Code);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal((3, 1), (tries, warned));
    }

    [Fact]
    public async Task A_revocation_is_forgotten_after_its_tokens_have_ended_and_the_server_was_told()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        await device.CredentialsAsync();
        Revoke(hub, device.Id);
        var store = hub.Get<LinkCredentialStore>();
        Assert.Equal([device.User.PublicKey], store.Revoked().Live.Keys);
        hub.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal([device.User.PublicKey], store.Revoked().Live.Keys); // The server's clock may be behind.
        hub.Time.Advance(LinkCredentialStore.ClockMargin);
        Assert.Equal([device.User.PublicKey], store.Revoked().Ended);
        await using var push = Push(hub, (users, _) =>
        {
            Assert.Equal([device.User.PublicKey], users.Ended);
            return Task.CompletedTask;
        });
        await push.PushAsync(Token);
        Assert.Empty(store.Revoked().Ended);
    }

    private static RevocationPush Push(HubFixture hub, Func<RevokedUsers, CancellationToken, Task> send) =>
        new(hub.Get<LinkCredentialStore>(), hub.Get<HealthTracker>(), send, TimeProvider.System, NullLogger.Instance);

    private static void Revoke(HubFixture hub, DeviceId device) => hub.Get<HubDatabase>().Write(db =>
    {
        hub.Get<LinkCredentialStore>().Revoke(db, device);
        return 0;
    });
}
