using Bowline.Nostr;

namespace Bowline.Relay.Tests;

public sealed class PlaceTests
{
    [Theory]
    [InlineData(1, KindClass.Regular)]
    [InlineData(0, KindClass.Replaceable)]
    [InlineData(3, KindClass.Replaceable)]
    [InlineData(10_000, KindClass.Replaceable)]
    [InlineData(20_000, KindClass.Ephemeral)]
    [InlineData(30_000, KindClass.Addressable)]
    [InlineData(40_000, KindClass.Regular)]
    public void Ranges_of_kinds_are_those_of_NIP_01(int kind, KindClass expected) => Assert.Equal(expected, NostrKind.ClassOf(kind));
}
