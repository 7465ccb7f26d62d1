using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>A GLib main context with the thread that serves it, for as long as the process lives. A context without a ready source costs nothing.</summary>
internal sealed unsafe class GLibLoop
{
    internal GLibLoop(string name)
    {
        Context = LibGLib.g_main_context_new();
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    internal nint Context { get; }

    /// <summary>Runs something on the thread of this loop, soon, and never inside a callback that runs there now. The action does not throw.</summary>
    internal void Post(Action action)
    {
        var source = LibGLib.g_idle_source_new();
        LibGLib.g_source_set_priority(source, 0); // G_PRIORITY_DEFAULT, or a busy socket keeps it waiting.
        LibGLib.g_source_set_callback(source, &Invoke, GCHandle.ToIntPtr(GCHandle.Alloc(action)), 0);
        LibGLib.g_source_attach(source, Context);
        LibGLib.g_source_unref(source);
    }

    /// <summary>
    /// Of the source that calls back now: GLib takes a source that may not recurse out of the poll for the length of its callback, and wakes
    /// the loop for that and for putting it back, which are two writes, a read and a poll for each datagram of a talk. None of ours runs the loop from inside a callback.
    /// </summary>
    internal static void KeepPolled()
    {
        if (LibGLib.g_main_current_source() is not 0 and var source)
        {
            LibGLib.g_source_set_can_recurse(source, 1);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Invoke(nint data)
    {
        var handle = GCHandle.FromIntPtr(data);
        var action = (Action)handle.Target!;
        handle.Free();
        action();
        return 0; // G_SOURCE_REMOVE
    }

    private void Run()
    {
        LibGLib.g_main_context_push_thread_default(Context);
        while (true)
        {
            using (SendBurst.Begin())
            {
                LibGLib.g_main_context_iteration(Context, mayBlock: 1);
            }
        }
    }
}
