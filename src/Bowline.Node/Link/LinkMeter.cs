namespace Bowline.Node.Link;

/// <summary>Turns what the link loop sees into measurements: losses and why, outages, recoveries, renewals, refusals.</summary>
internal sealed class LinkMeter
{
    private TimeSpan? _resumedAt;
    private TimeSpan _lostAt;
    private LinkLoss? _loss;

    /// <summary>Takes one event of the loop, after the machine has handled it.</summary>
    /// <param name="occurred">The event.</param>
    /// <param name="before">The phase before it.</param>
    /// <param name="after">The phase after it.</param>
    /// <param name="now">The loop's clock.</param>
    public void Observe(LinkEvent occurred, LinkPhase before, LinkPhase after, TimeSpan now)
    {
        switch (occurred)
        {
            case LinkEvent.SessionFailed failed:
                Telemetry.Refused("session", failed.Fault);
                break;
            case LinkEvent.DialFailed failed:
                Telemetry.Refused("connection", failed.Fault);
                break;
            case LinkEvent.Resumed when after is not LinkPhase.Stopped:
                _resumedAt = now;
                break;
            case LinkEvent.Dialed when before == LinkPhase.Online && after == LinkPhase.Online:
                Telemetry.Renewed();
                break;
        }

        if (before == LinkPhase.Online && after is LinkPhase.Reconnecting or LinkPhase.Revoked && before != after && _loss is null)
        {
            _loss = ReasonOf(occurred, after);
            _lostAt = now;
            Telemetry.Lost(_loss.Value);
        }

        if (after == LinkPhase.Online && occurred is LinkEvent.Dialed or LinkEvent.Regained or LinkEvent.ProbeAnswered)
        {
            ProvedOnline(now);
        }
    }

    private static LinkLoss ReasonOf(LinkEvent occurred, LinkPhase after) => occurred switch
    {
        _ when after == LinkPhase.Revoked => LinkLoss.Revoked,
        LinkEvent.Lost => LinkLoss.Disconnected,
        LinkEvent.ProbeFailed => LinkLoss.Silent,
        LinkEvent.Rejected => LinkLoss.CredentialsRefused,
        _ => LinkLoss.Other,
    };

    private void ProvedOnline(TimeSpan now)
    {
        if (_loss is { } reason)
        {
            Telemetry.Regained(reason, now - _lostAt);
            _loss = null;
        }

        if (_resumedAt is { } resumed)
        {
            Telemetry.Recovered(now - resumed);
            _resumedAt = null;
        }
    }
}
