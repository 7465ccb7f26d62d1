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
        LibGLib.g_main_loop_run(LibGLib.g_main_loop_new(Context, isRunning: 0));
    }
}
