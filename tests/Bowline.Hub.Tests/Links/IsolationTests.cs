using System.Buffers.Text;
using System.Text;
using Bowline.Hub.Tests.Support;

namespace Bowline.Hub.Tests.Links;

/// <summary>Two enrolled devices on one hub: neither reaches anything of the other.</summary>
public sealed class IsolationTests
{
    [Fact]
    public async Task A_device_can_subscribe_to_its_own_subjects()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var nats = await device.ConnectAsync();
        var own = Subscriptions(device.Id.ToString()).Select((s, i) => $"SUB {s} {i + 1}\r\n");
        Assert.Empty(await nats.FlushAsync(string.Concat(own)));
        Assert.Empty(await nats.FlushAsync(string.Concat(Publications(device.Id.ToString()).Select(s => $"PUB {s} 1\r\nx\r\n"))));
    }

    [Fact]
    public async Task No_subject_family_of_another_device_can_be_subscribed_to()
    {
        await using var hub = await HubFixture.StartAsync();
        using var victim = await hub.EnrolAsync();
        using var attacker = await hub.EnrolAsync();
        using var nats = await attacker.ConnectAsync();
        string[] families = [.. Subscriptions(victim.Id.ToString()), .. Publications(victim.Id.ToString()), .. Wide()];
        for (var i = 0; i < families.Length; i++)
        {
            var answer = await nats.FlushAsync($"SUB {families[i]} {i + 1}\r\n");
            Assert.Contains(answer, l => l.StartsWith("-ERR 'Permissions Violation for Subscription", StringComparison.Ordinal));
            var grouped = await nats.FlushAsync($"SUB {families[i]} group {100 + i}\r\n");
            Assert.Contains(grouped, l => l.StartsWith("-ERR 'Permissions Violation for Subscription", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task No_subject_family_of_another_device_can_be_published_to_or_answered_for()
    {
        await using var hub = await HubFixture.StartAsync();
        using var victim = await hub.EnrolAsync();
        using var attacker = await hub.EnrolAsync();
        using var listening = await victim.ConnectAsync();
        Assert.Empty(await listening.FlushAsync(string.Concat(Subscriptions(victim.Id.ToString()).Select((s, i) => $"SUB {s} {i + 1}\r\n"))));
        using var nats = await attacker.ConnectAsync();
        string[] subjects =
        [
            .. Subscriptions(victim.Id.ToString()).Select(Concrete),
            .. Publications(victim.Id.ToString()).Select(Concrete),
            .. Subscriptions(attacker.Id.ToString()).Select(Concrete),
            "$JS.API.INFO", "$JS.API.STREAM.CREATE.x", "$JS.API.STREAM.NAMES", "$SYS.REQ.SERVER.PING", "$SYS.REQ.CLAIMS.UPDATE", "$JS.ACK.x.y.1.1.1.1.1", "_INBOX.anyone.1", "hub.anything",
        ];
        foreach (var subject in subjects)
        {
            var answer = await nats.FlushAsync($"PUB {subject} {victim.Id}.reply 1\r\nx\r\n");
            Assert.Contains(answer, l => l.StartsWith("-ERR 'Permissions Violation for Publish", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(await listening.FlushAsync(), l => l.StartsWith("MSG", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_devices_token_is_useless_without_its_seed()
    {
        await using var hub = await HubFixture.StartAsync();
        using var victim = await hub.EnrolAsync();
        using var attacker = await hub.EnrolAsync();
        var stolen = await victim.CredentialsAsync();
        using var nats = await attacker.ConnectAsync(stolen);
        Assert.StartsWith("-ERR 'Authorization Violation'", await nats.LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limits_of_the_token_hold()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using (var many = await device.ConnectAsync())
        {
            var subs = string.Concat(Enumerable.Range(1, 9).Select(i => $"SUB tunnel.v2.{device.Id}.in.{i} {i}\r\n"));
            Assert.Contains(await many.FlushAsync(subs), l => l.Contains("maximum subscriptions exceeded", StringComparison.Ordinal));
        }

        using var large = await device.ConnectAsync();
        var answer = await large.FlushAsync($"PUB runs.{device.Id}.in {(256 * 1024) + 1}\r\n");
        Assert.Contains(answer, l => l.Contains("Maximum Payload Violation", StringComparison.Ordinal));
    }

    private static string[] Subscriptions(string device) =>
    [
        $"tunnel.v2.{device}.open", $"tunnel.v2.{device}.in.>", $"tunnel.v1.host.{Host(device)}.request",
        $"tunnel.v1.host.{Host(device)}.req.*.body", $"tunnel.v1.host.{Host(device)}.req.*.abort", $"_INBOX.{device}.>",
    ];

    private static string[] Publications(string device) =>
        [$"tunnel.v2.{device}.reply.client", $"tunnel.v1.host.{Host(device)}.req.1.reply", $"runs.{device}.in", $"links.{device}.here"];

    private static string[] Wide() =>
        [">", "*", "tunnel.>", "tunnel.v2.>", "tunnel.v2.*.open", "tunnel.v2.*.reply.*", "tunnel.v1.>", "runs.>", "runs.*.in", "links.>", "links.*.here", "_INBOX.>", "$JS.>", "$SYS.>", "$KV.>"];

    private static string Concrete(string subject) => subject.Replace(".*", ".1", StringComparison.Ordinal).Replace(".>", ".1", StringComparison.Ordinal);

    private static string Host(string device) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(device + ".link"));
}
