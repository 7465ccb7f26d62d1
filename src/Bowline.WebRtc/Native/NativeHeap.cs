using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bowline.WebRtc;

/// <summary>Gives memory that the native libraries have freed back to the system; glibc keeps it otherwise, most of it for good.</summary>
internal static partial class NativeHeap
{
    private static bool _isMissing;

    [SupportedOSPlatform("linux")]
    internal static void Trim()
    {
        if (_isMissing)
        {
            return;
        }

        try
        {
            malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            _isMissing = true; // Another C library, such as musl, which gives back by itself.
        }
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
