using Bowline.WebRtc.Tests.Peers;
using Microsoft.Extensions.Logging;

namespace Bowline.WebRtc.Tests.Telemetry;

/// <summary>What a connection says in the log, and what it never says.</summary>
public sealed class LogTests : IDisposable
{
    private readonly CapturedLog _log = new();

    [Fact]
    public async Task A_life_is_told_from_its_creation_to_its_end_without_passwords_or_addresses()
    {
        var pair = await ConnectAsync();
        var described = pair.Offerer.LocalDescription!.Sdp;
        pair.Offerer.SetSuspect(isSuspect: true);
        await _log.WaitAsync(6010); // A probe was answered.
        pair.Offerer.RestartIce();
        await pair.NegotiateAsync();
        await _log.WaitAsync(6011);
        described += pair.Offerer.LocalDescription!.Sdp + pair.Answerer.LocalDescription!.Sdp;
        var selected = pair.Offerer.Status.Pair!;
        await pair.DisposeAsync();

        var ids = _log.Entries.Select(static entry => entry.Id).ToList();
        Assert.Equal(6000, ids[0]);
        Assert.Equal([6003, 6004, 6008, 6009, 6010], ids.Where(static id => id is 6003 or 6004 or 6008 or 6009 or 6010).Order());
        Assert.Contains(6001, ids);
        Assert.Contains($"carried between {selected.Local} here and", (await _log.WaitAsync(6002)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Entries, static entry => entry.Level >= LogLevel.Warning && entry.Id != 6012);
        var secrets = described.Split("\r\n").Where(static line => line.StartsWith("a=ice-pwd:", StringComparison.Ordinal)).Select(static line => line[10..]).Distinct().ToList();
        Assert.True(secrets.Count >= 3, $"{secrets.Count} passwords");
        Assert.DoesNotContain(_log.Entries, entry => secrets.Exists(secret => entry.Text.Contains(secret, StringComparison.Ordinal)) || entry.Text.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_certificate_is_told_as_refused()
    {
        await using var offerer = PeerConnection.Create(PeerPair.Loopback);
        await using var answerer = PeerConnection.Create(Logged());
        offerer.CreateDataChannel("never");
        var offer = await offerer.CreateOfferAsync();
        await answerer.SetRemoteDescriptionAsync(offer with { Sdp = WithAnotherFingerprint(offer.Sdp) });
        await offerer.SetRemoteDescriptionAsync(await answerer.CreateAnswerAsync());
        Assert.Equal(LogLevel.Warning, (await _log.WaitAsync(6005)).Level);
        Assert.DoesNotContain(_log.Entries, static entry => entry.Id is 6004 or 6006);
    }

    [Fact]
    public async Task An_end_by_the_other_side_is_told()
    {
        await using var pair = await ConnectAsync();
        await pair.Answerer.DisposeAsync();
        Assert.Equal(LogLevel.Information, (await _log.WaitAsync(6007)).Level);
    }

    [Fact]
    public async Task A_fault_on_a_thread_of_the_library_is_told_with_its_exception()
    {
        await using var connection = PeerConnection.Create(Logged());
        var fault = new InvalidOperationException("a test throws");
        ((IIcePathOwner)connection).Faulted(fault);
        Assert.Same(fault, (await _log.WaitAsync(6013)).Exception);
        Assert.Contains(nameof(WebRtcError.NativeFailure), (await _log.WaitAsync(6006)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_refused_datagrams_makes_two_lines_at_most_and_the_last_has_the_sum()
    {
        const int Flood = 50_000;
        await using (var connection = PeerConnection.Create(Logged()))
        {
            for (var i = 0; i < Flood; i++)
            {
                ((IDatagramReceiver)connection).Receive(null!, [0xFF]);
            }

            await _log.WaitAsync(6012);
        }

        var lines = _log.Entries.Where(static entry => entry.Id == 6012).ToList();
        Assert.InRange(lines.Count, 1, 2);
        Assert.Contains($"{Flood} datagrams, 0 messages, 0 candidates", lines[^1].Text, StringComparison.Ordinal);
    }

    public void Dispose() => _log.Dispose();

    private static string WithAnotherFingerprint(string sdp)
    {
        const string Attribute = "a=fingerprint:sha-256 ";
        var first = sdp.IndexOf(Attribute, StringComparison.Ordinal) + Attribute.Length;
        return sdp[..first] + (sdp[first] == '0' ? '1' : '0') + sdp[(first + 1)..];
    }

    private PeerConnectionOptions Logged() => PeerPair.Loopback with { LoggerFactory = _log };

    private async Task<PeerPair> ConnectAsync()
    {
        var pair = PeerPair.Create(Logged(), PeerPair.Loopback);
        var channel = pair.Offerer.CreateDataChannel("test");
        await pair.NegotiateAsync();
        await channel.WaitForOpenAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return pair;
    }
}
