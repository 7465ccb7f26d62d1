using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>The few functions we use of GLib, GObject and GIO, on which libnice is built.</summary>
internal static unsafe partial class LibGLib
{
    internal const nuint TypeBoolean = 5 << 2;
    internal const nuint TypeUInt = 7 << 2;
    internal const nuint TypeString = 16 << 2;

    internal const int SignalMatchData = 1 << 4;

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial nint g_main_context_new();

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial void g_main_context_push_thread_default(nint context);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial nint g_idle_source_new();

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial void g_source_set_priority(nint source, int priority);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial void g_source_set_callback(nint source, delegate* unmanaged[Cdecl]<nint, int> function, nint data, nint destroy);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial uint g_source_attach(nint source, nint context);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial void g_source_unref(nint source);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial int g_main_context_iteration(nint context, int mayBlock);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial void g_free(nint memory);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial nint g_slist_append(nint list, nint data);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial void g_slist_free(nint list);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial void g_ptr_array_unref(nint array);

    [LibraryImport(NativeLibraries.GObject, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nuint g_signal_connect_data(nint instance, string signal, nint handler, nint data, nint destroy, int flags);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial uint g_signal_handlers_disconnect_matched(nint instance, int mask, uint signal, uint detail, nint closure, nint function, nint data);

    [LibraryImport(NativeLibraries.GObject, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void g_object_set_property(nint instance, string name, ref GValue value);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial nint g_value_init(ref GValue value, nuint type);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial void g_value_set_boolean(ref GValue value, int boolean);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial void g_value_set_uint(ref GValue value, uint number);

    [LibraryImport(NativeLibraries.GObject, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void g_value_set_string(ref GValue value, string text);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial void g_value_unset(ref GValue value);

    [LibraryImport(NativeLibraries.GObject)]
    internal static partial void g_object_unref(nint instance);

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial nint g_main_current_source();

    [LibraryImport(NativeLibraries.GLib)]
    internal static partial void g_source_set_can_recurse(nint source, int canRecurse);

    [LibraryImport(NativeLibraries.Gio)]
    internal static partial int g_socket_get_fd(nint socket);

    // The variadic g_object_set would need another calling convention on some platforms, so properties go through values.
    internal static void Set(nint instance, string name, bool value)
    {
        var holder = default(GValue);
        g_value_init(ref holder, TypeBoolean);
        g_value_set_boolean(ref holder, value ? 1 : 0);
        Set(instance, name, ref holder);
    }

    internal static void Set(nint instance, string name, uint value)
    {
        var holder = default(GValue);
        g_value_init(ref holder, TypeUInt);
        g_value_set_uint(ref holder, value);
        Set(instance, name, ref holder);
    }

    internal static void Set(nint instance, string name, string value)
    {
        var holder = default(GValue);
        g_value_init(ref holder, TypeString);
        g_value_set_string(ref holder, value);
        Set(instance, name, ref holder);
    }

    private static void Set(nint instance, string name, ref GValue value)
    {
        g_object_set_property(instance, name, ref value);
        g_value_unset(ref value);
    }

    /// <summary>GValue: a type and two words.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct GValue
    {
        internal nuint Type;
        internal long First;
        internal long Second;
    }

    /// <summary>The beginning of GPtrArray.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct GPtrArray
    {
        internal nint* Items;
        internal uint Length;
    }

    /// <summary>GSList.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct GSList
    {
        internal nint Data;
        internal GSList* Next;
    }
}
