using System.Globalization;

namespace Bowline.Relay.Tests;

/// <summary>How often a durability test kills: two times by default, as <c>BOWLINE_CHAOS_KILLS</c> and so on say in <c>make chaos</c>.</summary>
internal sealed record ChaosRun(int Kills, int EventsPerKill, int Seed)
{
    /// <param name="events">In all, unless the environment says otherwise.</param>
    public static ChaosRun FromEnvironment(int events)
    {
        var kills = Number("BOWLINE_CHAOS_KILLS", 2);
        return new(kills, Number("BOWLINE_CHAOS_EVENTS", events) / kills, Number("BOWLINE_CHAOS_SEED", Environment.TickCount & 0xffff));
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
