using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>Where libnice calls back. A path is named by a number that is looked up, so a call that comes late finds nothing.</summary>
internal static unsafe class IceCallbacks
{
    private static readonly ConcurrentDictionary<nint, IcePath> Paths = new();
    private static readonly ConcurrentDictionary<nint, TaskCompletionSource> Closing = new();
    private static long _lastClosing;

    internal static void Add(nint id, IcePath path) => Paths[id] = path;

    internal static void Remove(nint id) => Paths.TryRemove(id, out _);

    internal static nint AddClosing(TaskCompletionSource closed)
    {
        var id = (nint)Interlocked.Increment(ref _lastClosing);
        Closing[id] = closed;
        return id;
    }

    internal static void Connect(nint agent, nint id)
    {
        Connect(agent, "new-candidate-full", (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, void>)&CandidateFound, id);
        Connect(agent, "candidate-gathering-done", (nint)(delegate* unmanaged[Cdecl]<nint, uint, nint, void>)&GatheringDone, id);
        Connect(agent, "component-state-changed", (nint)(delegate* unmanaged[Cdecl]<nint, uint, uint, uint, nint, void>)&StateChanged, id);
        Connect(agent, "new-selected-pair-full", (nint)(delegate* unmanaged[Cdecl]<nint, uint, uint, nint, nint, nint, void>)&PairSelected, id);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static void Received(nint agent, uint stream, uint component, uint length, byte* datagram, nint id) =>
        Give(id, new ReadOnlySpan<byte>(datagram, (int)length), static (path, bytes) => path.TakeDatagram(bytes));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static void Closed(nint agent, nint result, nint id)
    {
        LibGLib.g_object_unref(agent);
        if (Closing.TryRemove(id, out var closed))
        {
            closed.TrySetResult();
        }
    }

    private static void Connect(nint agent, string signal, nint handler, nint id) => LibGLib.g_signal_connect_data(agent, signal, handler, id, 0, 0);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void CandidateFound(nint agent, nint candidate, nint id) => Give(id, candidate, static (path, found) => path.TakeCandidate(found));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void GatheringDone(nint agent, uint stream, nint id) => Give(id, stream, static (path, _) => path.TakeGatheringDone());

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void StateChanged(nint agent, uint stream, uint component, uint state, nint id) => Give(id, IceSender.StateOf(state), static (path, now) => path.TakeState(now));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void PairSelected(nint agent, uint stream, uint component, nint local, nint remote, nint id) =>
        Give(id, stream, static (path, _) => path.TakePair());

    /// <summary>Gives something to the path of that number, if it is still there. An exception must not reach native code.</summary>
    private static void Give<T>(nint id, T what, Action<IcePath, T> take)
        where T : allows ref struct
    {
        if (!Paths.TryGetValue(id, out var path))
        {
            return;
        }

        try
        {
            take(path, what);
        }
        catch (Exception e)
        {
            path.Fault(e);
        }
    }
}
