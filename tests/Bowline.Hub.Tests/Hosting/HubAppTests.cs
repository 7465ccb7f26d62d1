using System.Net;
using System.Net.Sockets;
using Bowline.Hub.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Tests.Hosting;

public sealed class HubAppTests
{
    [Fact]
    public async Task A_taken_port_is_named_in_a_typed_error()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var error = await Assert.ThrowsAsync<HubException>(() => HubFixture.StartAsync(o => o.Listen = (IPEndPoint)listener.LocalEndpoint));
        Assert.Equal(HubError.PortTaken, error.Error);
        Assert.Contains("--listen", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_hub_in_the_same_folder_is_refused()
    {
        await using var hub = await HubFixture.StartAsync();
        var error = Assert.Throws<HubException>(() => HubApp.Create(HubFixture.Options(hub.Folder)));
        Assert.Equal(HubError.DataFolderLocked, error.Error);
    }

    [Fact]
    public async Task A_stopped_hub_starts_again_with_its_devices_and_its_id()
    {
        var folder = Directory.CreateTempSubdirectory("bowline-hub-").FullName;
        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var app = HubApp.Create(HubFixture.Options(folder), configure: b => b.Logging.ClearProviders());
            await app.StartAsync(TestContext.Current.CancellationToken);
            ids.Add(((Bowline.Hub.Store.HubIdentity)app.Services.GetService(typeof(Bowline.Hub.Store.HubIdentity))!).Id);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Single(ids.Distinct());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Options_without_sense_are_refused_with_the_name_of_the_flag()
    {
        (Action<HubOptions> Change, string Flag)[] cases =
        [
            (o => o.PublicUrl = new Uri("ftp://hub"), "--public-url"),
            (o => o.PublicUrl = new Uri("https://hub/path"), "--public-url"),
            (o => o.ContentPort = 70_000, "--content-port"),
            (o => o.CertificateFile = "/no/such/file", "--cert"),
            (o => o.CertificateKeyFile = "/dev/null", "--cert-key"),
            (o => o.Name = "", "--hub-name"),
            (o => o.AllowedHosts.Add("https://hub.example.org"), "--allowed-host"),
            (o => o.LinkSessionLife = HubOptions.ShortestLinkSessionLife - TimeSpan.FromSeconds(1), "--session-life"),
            (o => o.LinkSessionLife = HubOptions.LongestLinkSessionLife + TimeSpan.FromSeconds(1), "--session-life"),
        ];
        foreach (var (change, flag) in cases)
        {
            var error = await Assert.ThrowsAsync<HubException>(() => HubFixture.StartAsync(change));
            Assert.Contains(flag, error.Message, StringComparison.Ordinal);
        }
    }
}
