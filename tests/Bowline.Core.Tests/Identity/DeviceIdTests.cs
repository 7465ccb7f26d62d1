using Bowline.Core.Identity;

namespace Bowline.Core.Tests.Identity;

public sealed class DeviceIdTests
{
    [Fact]
    public void The_text_form_round_trips_and_names_the_key()
    {
        using var key = DeviceKey.Create();
        var id = DeviceId.Parse(key.Id.ToString());
        Assert.Equal(key.Id, id);
        Assert.Equal(DeviceId.Length, id.ToString().Length);
        Assert.True(id.Verify("hello"u8, key.Sign("hello"u8)));
    }

    [Fact]
    public void Upper_case_is_refused_because_ids_compare_ordinally()
    {
        using var key = DeviceKey.Create();
        Assert.False(DeviceId.TryParse(key.Id.ToString().ToUpperInvariant(), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("desk")]
    [InlineData(null)]
    public void Other_text_is_refused(string? text) => Assert.False(DeviceId.TryParse(text, out _));

    [Fact]
    public void An_unset_id_is_never_mistaken_for_a_device() =>
        Assert.Throws<InvalidOperationException>(() => default(DeviceId).ToString());
}
