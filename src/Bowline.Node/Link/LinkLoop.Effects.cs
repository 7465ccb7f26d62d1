using System.Diagnostics;

namespace Bowline.Node.Link;

internal sealed partial class LinkLoop
{
    private void Perform(LinkEffect effect, TimeSpan now)
    {
        switch (effect)
        {
            case LinkEffect.Fetch fetch:
                _operations.Run(fetch.Op, _timings.FetchTimeout, token => FetchAsync(fetch.Op, token));
                break;
            case LinkEffect.Dial dial:
                _operations.Run(dial.Op, _timings.DialTimeout, token => DialAsync(dial.Op, dial.Session, token));
                break;
            case LinkEffect.Abandon abandon:
                _operations.Cancel(abandon.Op);
                break;
            case LinkEffect.Drop drop when _links.Remove(drop.Link, out var dropped):
                _operations.Run(async _ => await CloseAsync(dropped));
                break;
            case LinkEffect.Drain drain when _links.Remove(drain.Link, out var old):
                _operations.Run(token => DrainAsync(old, drain.Deadline - now, token));
                break;
            case LinkEffect.SayHere here when _links.TryGetValue(here.Link, out var link):
                _operations.Run(token => TellAsync(link.SayHereAsync(here.Reason, token)));
                break;
            case LinkEffect.SayGoodbye goodbye when _links.Remove(goodbye.Link, out var leaving):
                _operations.Run(_ => LeaveAsync(leaving));
                break;
            case LinkEffect.Probe probe when _links.TryGetValue(probe.Link, out var probed):
                _operations.Run(token => ProbeAsync(probed, probe, token));
                break;
            case LinkEffect.Raise raise:
                LogTrouble(raise.Text);
                _health.Raise(raise.Code, raise.Text, raise.Command);
                break;
            case LinkEffect.Clear clear:
                _health.Clear(clear.Code);
                break;
        }
    }

    private async Task FetchAsync(int op, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("link.session");
        try
        {
            Post(new LinkEvent.SessionReceived(op, await _sessions.FetchAsync(cancellationToken)));
        }
        catch (NodeException failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            Post(new LinkEvent.SessionFailed(op, failure.Error, failure.Message));
        }
        catch (OperationCanceledException)
        {
            Post(new LinkEvent.SessionFailed(op, NodeError.HubUnreachable, $"The hub did not answer within {_timings.FetchTimeout.TotalSeconds:0} s."));
        }
        catch (Exception unexpected)
        {
            LogUnexpected(unexpected);
            Post(new LinkEvent.SessionFailed(op, NodeError.HubUnavailable, unexpected.Message));
        }
    }

    private async Task DialAsync(int op, LinkSession session, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("link.dial");
        try
        {
            var connection = await _dialer.DialAsync(session, new Watcher(this, op), cancellationToken);
            if (!_events.Writer.TryWrite(new Opened(op, connection)))
            {
                await CloseAsync(connection);
            }
        }
        catch (NodeException failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            Post(new LinkEvent.DialFailed(op, failure.Error, failure.Message));
        }
        catch (OperationCanceledException)
        {
            Post(new LinkEvent.DialFailed(op, NodeError.NatsUnreachable, $"No connection within {_timings.DialTimeout.TotalSeconds:0} s."));
        }
        catch (Exception unexpected)
        {
            LogUnexpected(unexpected);
            Post(new LinkEvent.DialFailed(op, NodeError.NatsUnreachable, unexpected.Message));
        }
    }

    private async Task ProbeAsync(ILinkConnection link, LinkEffect.Probe probe, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_timings.ProbeTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await link.PingAsync(both.Token);
            Post(new LinkEvent.ProbeAnswered(probe.Link, probe.Number));
        }
        catch (Exception failure)
        {
            LogNotTold(failure.Message);
            Post(new LinkEvent.ProbeFailed(probe.Link, probe.Number));
        }
    }

    private async Task DrainAsync(ILinkConnection old, TimeSpan left, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await old.DrainAsync(both.Token);
        }
        catch (Exception failure)
        {
            LogCloseFailed(failure);
        }

        await CloseAsync(old);
    }

    private async Task LeaveAsync(ILinkConnection link)
    {
        using var limit = new CancellationTokenSource(_timings.GoodbyeTimeout, _time);
        await TellAsync(link.SayGoodbyeAsync(limit.Token));
        await CloseAsync(link);
    }

    private async Task TellAsync(Task telling)
    {
        try
        {
            await telling;
        }
        catch (Exception failure)
        {
            // The hub finds out by its next probe.
            LogNotTold(failure.Message);
        }
    }

    private async Task CloseAsync(ILinkConnection connection)
    {
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception failure)
        {
            LogCloseFailed(failure);
        }
    }

    /// <summary>A finished dial, before the machine hears of it as <see cref="LinkEvent.Dialed"/>.</summary>
    private sealed record Opened(int Op, ILinkConnection Connection) : LinkEvent;

    private sealed class Watcher(LinkLoop loop, int op) : ILinkWatcher
    {
        public void Lost(string text)
        {
            loop.LogLost(text);
            loop.Post(new LinkEvent.Lost(op, text));
        }

        public void Regained() => loop.Post(new LinkEvent.Regained(op));

        public void Rejected(string text) => loop.Post(new LinkEvent.Rejected(op, text));
    }
}
