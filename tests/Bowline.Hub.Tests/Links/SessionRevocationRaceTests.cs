using Bowline.Hub.Devices;
using Bowline.Hub.Links;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Problems;
using Bowline.Hub.Tests.Support;
using Bowline.Nats;
using Bowline.Nats.Jwt;

namespace Bowline.Hub.Tests.Links;

/// <summary>A device that asks for a session in the moment of its revocation.</summary>
public sealed class SessionRevocationRaceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_revoked_after_it_was_found_gets_no_session()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        Task? revoking = null;

        // The clock is read between the look at the device and the note of its key.
        var sessions = Sessions(hub, new HookedTime(hub.Time, look: 1, () =>
        {
            revoking = hub.Get<DeviceRevocation>().RevokeAsync(device.Id, "test", "here");
            return TimeSpan.Zero;
        }));
        var (response, refusal) = sessions.Open(device.Id, Request(device), hub.App.Url);
        await revoking!;
        Assert.Null(response);
        Assert.Equal(HubProblemCode.DeviceUnknown, refusal);
        Assert.Empty(hub.Get<LinkCredentialStore>().Revoked().Live);
    }

    [Fact]
    public async Task A_token_made_after_its_key_was_revoked_is_refused_although_it_is_younger()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        Task? revoking = null;
        var sessions = Sessions(hub, new HookedTime(hub.Time, look: 2, () =>
        {
            revoking = hub.Get<DeviceRevocation>().RevokeAsync(device.Id, "test", "here");
            return TimeSpan.FromSeconds(2);
        }));
        var (response, _) = sessions.Open(device.Id, Request(device), hub.App.Url);
        await revoking!;
        var creds = new NatsCreds(response!.Connection.Credentials, device.User.Seed);
        await Assert.ThrowsAsync<NatsServerException>(() => NatsDial.ConnectAsync(hub.Get<INatsBackend>().Url!, creds, Token));
    }

    private static LinkSessionRequest Request(TestDevice device) => new(device.User.PublicKey, [], "desk", "0.1.0");

    private static LinkSessionService Sessions(HubFixture hub, TimeProvider time) =>
        new(hub.Get<INatsBackend>(), hub.Get<LinkCredentialStore>(), hub.Get<DeviceStore>(), hub.Get<HubOptions>(), time);
}
