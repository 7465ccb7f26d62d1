using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Relays;

/// <summary>The figures of relays.</summary>
internal static class RelayScenarios
{
    public static readonly int[] IngestConnections = [1, 4, 16];
    public static readonly int[] RequestConnections = [1, 8];
    public static readonly int[] Subscribers = [1, 100, 500];

    public static IEnumerable<IScenario> All(Lab lab)
    {
        var sides = RelaySide.All(lab);
        var notes = new RelayNotes(lab.Options);
        var searching = RelaySide.Searching(lab);
        return IngestConnections.SelectMany(c => (c == IngestConnections[^1] ? sides.Append(searching) : sides).Select(IScenario (s) => new RelayIngest(s, lab.Options, notes, c)).Append(new VerifyFloor(notes, c)))
            .Concat(RequestConnections.SelectMany(c => sides.Select(s => new RelayRequest(s, lab.Options, c))))
            .Concat(Subscribers.SelectMany(n => sides.Select(s => new RelayFanOut(s, lab.Options, n))))
            .Concat(sides.Select(s => new RelayIdle(s)));
    }
}
