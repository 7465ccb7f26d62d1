using System.Collections.Concurrent;
using System.Net;
using Bowline.EndToEnd.Tests.Browser;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>A page in a browser without settings, which hides the addresses of the machine behind names of multicast DNS.</summary>
public sealed class HidingBrowserTests(HidingBrowserTests.HidingChromium chromium) : IClassFixture<HidingBrowserTests.HidingChromium>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_that_hides_its_addresses_is_reached_whether_its_names_are_known_or_not(bool isKnown)
    {
        var resolver = new Resolver(isKnown && LocalAddresses.Find(new()) is [var own, ..] ? own : null);
        await using var window = await chromium.NewWindowAsync();
        var page = await BrowserPage.OpenAsync(window);
        await using var connection = PeerConnection.Create(new() { CandidateFilter = new() { IncludeLoopback = true }, Mdns = resolver });
        var channel = connection.CreateDataChannel("echo");
        await BrowserPage.WeOfferAsync(connection, page);
        await channel.WaitForOpenAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await channel.SendTextAsync("found");
        await using var answers = channel.ReadAllAsync().GetAsyncEnumerator();
        using var answer = await EchoTests.NextAsync(answers);
        Assert.Equal("found", answer.GetText());
        Assert.NotEmpty(resolver.Asked);
        Assert.All(resolver.Asked, static name => Assert.EndsWith(".local", name, StringComparison.Ordinal));
        var told = await page.EvaluateAsync<string[]>("() => candidates");
        Assert.Contains(told, candidate => resolver.Asked.Any(name => candidate.Contains(name, StringComparison.Ordinal)));
        if (!isKnown)
        {
            await ChannelTests.WaitUntilAsync(() => connection.GetStatistics().CandidatesDropped >= resolver.Asked.Count);
        }
    }

    /// <summary>The browser as a person has it.</summary>
    public sealed class HidingChromium : Chromium
    {
        /// <inheritdoc/>
        protected override bool TellsAddresses => false;
    }

    private sealed class Resolver(IPAddress? address) : IMdnsResolver
    {
        public ConcurrentQueue<string> Asked { get; } = new();

        public ValueTask<IPAddress?> ResolveAsync(string name, CancellationToken cancel)
        {
            Asked.Enqueue(name);
            return new(address);
        }
    }
}
