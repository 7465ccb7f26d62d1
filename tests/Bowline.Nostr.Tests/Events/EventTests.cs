using System.Text;

namespace Bowline.Nostr.Tests.Events;

public sealed class EventTests
{
    [Fact]
    public void An_event_we_sign_is_read_back_and_verifies()
    {
        using var key = NostrKey.Create();
        var value = key.Sign(1, "a \"quoted\" line\n\\ + <b> é 🪢 \u0001\u007f\u2028", [new("t", "x"), new("p", key.PublicKey.ToString(), "")], 1_700_000_000);
        Assert.True(value.Verify());
        Assert.True(EventReader.TryRead(Encoding.UTF8.GetBytes(value.ToString()), out var read, out _));
        Assert.True(read!.Verify());
        Assert.Equal(value.ToString(), read.ToString());
    }
}
