using Bowline.Hub.Presence;
using FsCheck;
using FsCheck.Fluent;

namespace Bowline.Hub.Tests.Presence;

/// <summary>What holds whatever happens, in whatever order, however late.</summary>
public sealed class PresencePropertyTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20261121, 3);

    [Fact]
    public void A_state_is_never_shown_on_evidence_that_is_stale_or_says_something_else() => Holds((_, run) =>
        run.View.State == LinkState.Unknown
        || (run.View.State == run.View.Evidence.State && run.Now - run.State.EvidenceAt < PresenceTimings.EvidenceLife
            && (run.State.DoubtedAt is not { } doubted || run.State.EvidenceAt > doubted)));

    [Fact]
    public void Since_changes_only_when_the_state_does_and_is_then_now_or_when_the_evidence_went_stale() => Holds((before, run) =>
        before.State == run.View.State
            ? before.Since == run.View.Since || run.WentStale
            : run.View.Since == run.Wall || (run.View.State == LinkState.Unknown && run.WentStale && run.View.Since <= run.Wall));

    [Fact]
    public void There_is_one_probe_at_a_time_and_every_one_ends() => Holds((_, run) =>
    {
        var open = run.Started.Count - run.Cancelled.Count - run.Ended;
        return open is 0 or 1 && open == (run.State.Probe is null ? 0 : 1) && run.Cancelled.Distinct().Count() == run.Cancelled.Count;
    });

    [Fact]
    public void It_always_wants_to_be_woken_and_never_in_the_past() => Holds((_, run) =>
        run.State.Due > run.Now && run.State.Due <= run.Now + PresenceTimings.UnwatchedPace);

    [Fact]
    public void A_frozen_hub_never_turns_a_link_offline_by_itself() => Holds((before, run) =>
        run.View.State != LinkState.Offline || before.State == LinkState.Offline || run.View.Evidence.Method == EvidenceMethod.Goodbye || !run.WasHeld);

    [Fact]
    public void Something_is_shown_exactly_when_the_view_has_changed() => Holds((before, run) => (run.View != before) == run.Showed);

    private static void Holds(Func<PresenceView, Scripted, bool> invariant)
    {
        var step = Gen.Zip(Gen.Choose(0, 16), Gen.Frequency((6, Gen.Choose(0, 600)), (2, Gen.Choose(600, 11_000)), (1, Gen.Choose(11_000, 60_000))));
        Prop.ForAll(step.ListOf().ToArbitrary(), steps =>
        {
            var run = new Scripted();
            var before = run.View;
            foreach (var (kind, wait) in steps)
            {
                run.Play(kind, TimeSpan.FromMilliseconds(wait));
                if (!invariant(before, run))
                {
                    return false;
                }

                before = run.View;
            }

            return true;
        }).Check(Runs);
    }

    /// <summary>A machine that is told anything; the hub comes late whenever a wait is longer than what was asked for.</summary>
    private sealed class Scripted
    {
        private PresenceState _state = new(new Reading(TimeSpan.Zero, MachineRun.Start));
        private TimeSpan _shift;

        public PresenceState State => _state;

        public PresenceView View => _state.View;

        public TimeSpan Now { get; private set; }

        public List<long> Started { get; } = [];

        public List<long> Cancelled { get; } = [];

        public int Ended { get; private set; }

        public bool Showed { get; private set; }

        public bool WasHeld { get; private set; }

        public bool WentStale { get; private set; }

        public DateTimeOffset Wall => MachineRun.Start + Now + _shift;

        public void Play(int kind, TimeSpan wait)
        {
            Now += wait;
            var stepped = kind == 16;
            _shift += stepped ? TimeSpan.FromMinutes(wait.TotalMilliseconds % 2 == 0 ? 10 : -10) : default;
            WasHeld = stepped || Now - _state.Due > PresenceTimings.StallTolerance;
            WentStale = Now - _state.EvidenceAt >= PresenceTimings.EvidenceLife;
            var running = _state.Probe?.Id;
            var id = running ?? _state.LastProbe;
            PresenceEvent happened = kind switch
            {
                0 or 1 or 2 => new PresenceEvent.ProbeEnded(id, ProbeOutcome.Answered, wait),
                3 => new PresenceEvent.ProbeEnded(id, ProbeOutcome.NoResponders, wait),
                4 => new PresenceEvent.ProbeEnded(id, ProbeOutcome.TimedOut, wait),
                5 => new PresenceEvent.ProbeEnded(id, ProbeOutcome.Impossible, wait),
                6 => new PresenceEvent.ProbeEnded(id - 1, ProbeOutcome.Answered, wait),
                7 => new PresenceEvent.Traffic(),
                8 => new PresenceEvent.SocketClosed(),
                9 => new PresenceEvent.Goodbye(),
                10 => new PresenceEvent.Here(),
                11 => new PresenceEvent.Doubt(),
                12 => new PresenceEvent.Asked(),
                13 => new PresenceEvent.Watched(true),
                14 => new PresenceEvent.Watched(false),
                15 => new PresenceEvent.Blind(),
                _ => new PresenceEvent.Tick(),
            };
            var (state, effects) = PresenceMachine.Step(_state, happened, new Reading(Now, Wall));
            _state = state;
            Started.AddRange(effects.OfType<PresenceEffect.StartProbe>().Select(e => e.Id));
            var cancelled = effects.OfType<PresenceEffect.CancelProbe>().Select(e => e.Id).ToList();
            Cancelled.AddRange(cancelled);
            Ended += running is { } was && state.Probe?.Id != was && !cancelled.Contains(was) ? 1 : 0;
            Showed = effects.OfType<PresenceEffect.Show>().Any();
        }
    }
}
