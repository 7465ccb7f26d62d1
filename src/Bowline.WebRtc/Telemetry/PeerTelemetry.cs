using Microsoft.Extensions.Logging;

namespace Bowline.WebRtc;

/// <summary>What one connection tells of itself, in logs and metrics. Connections are told apart by a number of this process.</summary>
internal sealed class PeerTelemetry
{
    private static long _last;

    private readonly ILogger _logger;
    private readonly PeerCounters _counters;
    private readonly long _number = Interlocked.Increment(ref _last);
    private readonly RefusalRhythm _refusals;
    private int _isRemoved;

    internal PeerTelemetry(PeerConnectionOptions options, PeerCounters counters)
    {
        (_logger, _counters, _refusals) = (options.LoggerFactory.CreateLogger("Bowline.WebRtc"), counters, new(options.Time));
        WebRtcMeter.Add(counters);
        WebRtcLog.Created(_logger, _number);
    }

    internal void IceChanged(IceState state) => WebRtcLog.IceChanged(_logger, _number, state);

    internal void PairSelected(CandidatePair pair) => WebRtcLog.PairSelected(_logger, _number, pair.Local, pair.Remote);

    internal void IceRestarted()
    {
        WebRtcMeter.IceRestarted();
        WebRtcLog.IceRestarted(_logger, _number);
    }

    internal void AssociationUp(int streams) => WebRtcLog.AssociationUp(_logger, _number, streams);

    internal void SuspicionChanged(bool isSuspect)
    {
        if (isSuspect)
        {
            WebRtcLog.Suspected(_logger, _number);
        }
        else
        {
            WebRtcLog.Trusted(_logger, _number);
        }
    }

    internal void PathSwitched() => WebRtcLog.PathSwitched(_logger, _number);

    /// <summary>Told from the tick, once for a path.</summary>
    internal void PathFailed(Exception fault) => WebRtcLog.PathFailed(_logger, _number, fault);

    /// <summary>Told from the tick, not where it happens: no packet costs a line, and no lock is held.</summary>
    internal void TellRefused(bool isLast = false)
    {
        var (datagrams, messages, candidates) = (_counters.DatagramsRefused, _counters.MessagesRefused, _counters.CandidatesDropped);
        if (_refusals.IsDue(datagrams + messages + candidates, isLast))
        {
            WebRtcLog.InputRefused(_logger, _number, datagrams, messages, candidates);
        }
    }

    /// <summary>Called once: the reason that came first.</summary>
    internal void Ended(WebRtcException reason)
    {
        WebRtcMeter.Ended(reason.Error);
        switch (reason.Error)
        {
            case WebRtcError.Closed:
                WebRtcLog.Closed(_logger, _number);
                break;
            case WebRtcError.ClosedByPeer:
                WebRtcLog.EndedByPeer(_logger, _number, reason.Message);
                break;
            case WebRtcError.FingerprintMismatch:
                WebRtcLog.CertificateRefused(_logger, _number);
                break;
            default:
                WebRtcLog.Failed(_logger, _number, reason.Error, reason.Message);
                break;
        }
    }

    internal void Faulted(Exception fault) => WebRtcLog.Faulted(_logger, _number, fault);

    internal void Disposed()
    {
        if (Interlocked.Exchange(ref _isRemoved, 1) == 0)
        {
            TellRefused(isLast: true);
            WebRtcMeter.Remove(_counters);
        }
    }
}
