using System.Runtime.CompilerServices;

namespace Bowline.WebRtc.Tests.Peers;

/// <summary>The end of the addresses comes last, though libnice may say it while another of its threads still has one to tell.</summary>
public sealed class GatheringTests
{
    [Fact]
    public async Task An_address_that_libnice_has_not_told_yet_is_told_before_the_end_and_once()
    {
        await using var connection = PeerConnection.Create(PeerPair.Loopback);
        await connection.CreateOfferAsync();
        await using var told = connection.ReadCandidatesAsync().GetAsyncEnumerator();
        Assert.True((await NextAsync(told)).IsEndOfCandidates);
        var generation = Pending(connection)!;
        CandidateLine[] addresses = [.. generation.Local];
        Assert.NotEmpty(addresses);
        generation.Local.Clear(); // As if its signal were still under way on another thread.
        generation.Path.TakeGatheringDone();
        foreach (var address in addresses)
        {
            Assert.Equal(address.ToString(), (await NextAsync(told)).Candidate);
        }

        Assert.True((await NextAsync(told)).IsEndOfCandidates);
        ((IIcePathOwner)connection).CandidateFound(generation.Path, addresses[0].ToString()); // Now it comes.
        generation.Path.TakeGatheringDone();
        Assert.True((await NextAsync(told)).IsEndOfCandidates);
        Assert.Equal(addresses, generation.Local);
    }

    private static async Task<IceCandidate> NextAsync(IAsyncEnumerator<IceCandidate> told)
    {
        Assert.True(await told.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        return told.Current;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_pending")]
    private static extern ref IceGeneration? Pending(PeerConnection connection);
}
