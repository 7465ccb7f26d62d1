namespace Bowline.WebRtc.Tests.Soak;

/// <summary>What goes over one connection of a soak.</summary>
/// <param name="Name">What the reports call it.</param>
/// <param name="Size">Bytes of a message.</param>
/// <param name="Window">Messages under way at once, at most.</param>
/// <param name="Pause">Between two messages.</param>
/// <param name="IsRestarting">Whether ICE is restarted every minute.</param>
internal sealed record SoakTraffic(string Name, int Size, int Window, TimeSpan Pause, bool IsRestarting = false)
{
    public static IReadOnlyList<SoakTraffic> All { get; } =
    [
        new("bulk", 64 * 1024, 16, TimeSpan.Zero),
        new("ping", 64, 100, TimeSpan.FromMilliseconds(20)),
        new("restarted", 1200, 100, TimeSpan.FromMilliseconds(50), IsRestarting: true),
        new("quiet", 64, 1, TimeSpan.FromSeconds(15)),
    ];
}
