using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Bowline.WebRtc;

/// <summary>
/// What all connections of the process share, started with the first of them: a thread for the timers of ICE, one for datagrams,
/// and one that ticks SCTP and DTLS while there are connections. More connections do not make more threads.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as the process.")]
internal sealed class WebRtcEngine
{
    private static readonly Lazy<WebRtcEngine> Instance = new(static () => new());

    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly ConcurrentDictionary<ITicking, bool> _ticking = new();
    private readonly ConcurrentQueue<SctpAssociation> _flagged = new();
    private readonly ConcurrentQueue<(Action Action, TaskCompletionSource Done)> _posted = new();
    private readonly TickRhythm _rhythm = new();
    private int _packets;
    private int _isSlow = 1;

    private WebRtcEngine()
    {
        Timers = new("webrtc-ice-timers");
        Io = new("webrtc-io");
        SctpStack.Start();
        new Thread(Tick) { IsBackground = true, Name = "webrtc-tick" }.Start();
    }

    /// <summary>The engine of this process.</summary>
    /// <exception cref="PlatformNotSupportedException">A native library is missing; the message says what to install.</exception>
    internal static WebRtcEngine Shared => NativeLibraries.Exist ? Instance.Value : throw new PlatformNotSupportedException(NativeLibraries.Missing);

    internal GLibLoop Timers { get; }

    internal GLibLoop Io { get; }

    internal void Add(ITicking ticking)
    {
        _ticking[ticking] = true;
        MarkActive();
        _wake.Set();
    }

    internal void Remove(ITicking ticking) => _ticking.TryRemove(ticking, out _);

    /// <summary>A packet flows: timers need their finest grain.</summary>
    internal void MarkActive()
    {
        _packets++; // From several threads: one more or less does not matter.
        if (Volatile.Read(ref _isSlow) != 0 && Interlocked.Exchange(ref _isSlow, 0) != 0)
        {
            _wake.Set();
        }
    }

    /// <summary>Runs something on the tick's thread, so that no timer of usrsctp runs beside it. The action does not throw.</summary>
    internal Task OnTickAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _posted.Enqueue((action, done));
        _wake.Set();
        return done.Task;
    }

    internal void Flagged(SctpAssociation association)
    {
        _flagged.Enqueue(association);
        _wake.Set();
    }

    private void Tick()
    {
        var time = TimeProvider.System;
        var last = time.GetTimestamp();
        while (true)
        {
            var wait = _ticking.IsEmpty && _posted.IsEmpty ? Timeout.Infinite : (int)_rhythm.Period.TotalMilliseconds;
            Volatile.Write(ref _isSlow, wait == (int)TickRhythm.Fine.TotalMilliseconds ? 0 : 1);
            _wake.WaitOne(wait);
            var now = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(last, now);
            var wasIdle = wait == Timeout.Infinite;
            if (elapsed.TotalMilliseconds >= 1)
            {
                last = now;
                using var burst = SendBurst.Begin();
                LibUsrsctp.usrsctp_handle_timers((uint)_rhythm.Advance(elapsed, Interlocked.Exchange(ref _packets, 0)).TotalMilliseconds);
            }

            while (_posted.TryDequeue(out var posted))
            {
                posted.Action();
                posted.Done.SetResult();
            }

            while (_flagged.TryDequeue(out var association))
            {
                try
                {
                    association.Serve();
                }
                catch (Exception e)
                {
                    association.Fault(e);
                }
            }

            var wasFrozen = !wasIdle && elapsed > TickRhythm.Freeze;
            foreach (var (ticking, _) in _ticking)
            {
                try
                {
                    ticking.Tick(wasFrozen);
                }
                catch (Exception e)
                {
                    ticking.Fault(e);
                }
            }

            if (_rhythm.TakeQuiet() && OperatingSystem.IsLinux())
            {
                NativeHeap.Trim();
            }
        }
    }
}
