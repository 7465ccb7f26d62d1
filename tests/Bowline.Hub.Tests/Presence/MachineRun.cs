using Bowline.Hub.Presence;

namespace Bowline.Hub.Tests.Presence;

/// <summary>One machine in virtual time: answers its probes as a script says and keeps what it asked for.</summary>
internal sealed class MachineRun
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private TimeSpan _wallShift;

    public MachineRun() => State = new PresenceState(new Reading(TimeSpan.Zero, Start));

    public PresenceState State { get; private set; }

    public TimeSpan Now { get; private set; }

    /// <summary>Ids of probes begun, and of those given up.</summary>
    public List<long> Started { get; } = [];

    public List<long> Cancelled { get; } = [];

    public List<TimeSpan> StartedAt { get; } = [];

    public int Shows { get; private set; }

    public PresenceView View => State.View;

    public (LinkState State, EvidenceMethod Method) Shape => (View.State, View.Evidence.Method);

    public static DateTimeOffset At(int milliseconds) => Start.AddMilliseconds(milliseconds);

    /// <summary>An event at a moment (in milliseconds from the start), with the ticks the machine asked for before.</summary>
    public void At(int milliseconds, PresenceEvent happened)
    {
        RunTo(milliseconds);
        Send(happened);
    }

    /// <summary>Lets time pass, ticking whenever the machine asked for it.</summary>
    public void RunTo(int milliseconds)
    {
        var target = TimeSpan.FromMilliseconds(milliseconds);
        while (State.Due <= target)
        {
            Now = State.Due > Now ? State.Due : Now;
            Send(new PresenceEvent.Tick());
        }

        Now = target;
    }

    /// <summary>The hub stands still: time passes and nothing is ticked.</summary>
    public void Freeze(int milliseconds) => Now += TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>The wall clock steps.</summary>
    public void StepWall(TimeSpan by) => _wallShift += by;

    /// <summary>Ends the probe under way, some time after it began.</summary>
    public void End(ProbeOutcome outcome, int afterMilliseconds = 10)
    {
        var probe = State.Probe ?? throw new InvalidOperationException("No probe is under way.");
        var at = probe.StartedAt + TimeSpan.FromMilliseconds(afterMilliseconds);
        Now = at > Now ? at : Now;
        Send(new PresenceEvent.ProbeEnded(probe.Id, outcome, TimeSpan.FromMilliseconds(afterMilliseconds)));
    }

    public void Send(PresenceEvent happened)
    {
        var (state, effects) = PresenceMachine.Step(State, happened, new Reading(Now, Start + Now + _wallShift));
        State = state;
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case PresenceEffect.StartProbe start:
                    Started.Add(start.Id);
                    StartedAt.Add(Now);
                    break;
                case PresenceEffect.CancelProbe cancel:
                    Cancelled.Add(cancel.Id);
                    break;
                default:
                    Shows++;
                    break;
            }
        }
    }

    /// <summary>Online by a probe that ended at 10 ms.</summary>
    public static MachineRun Online(bool watched = true)
    {
        var run = new MachineRun();
        run.Send(new PresenceEvent.Watched(watched));
        run.End(ProbeOutcome.Answered);
        return run;
    }
}
