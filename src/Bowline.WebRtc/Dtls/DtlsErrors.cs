using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>OpenSSL's queue of errors of this thread, as text.</summary>
internal static class DtlsErrors
{
    /// <summary>Empties it before a call whose failure is read from it. Looking first is cheaper than emptying an empty one.</summary>
    internal static void Clear()
    {
        if (LibSsl.ERR_peek_error() != 0)
        {
            LibSsl.ERR_clear_error();
        }
    }

    internal static string Take()
    {
        var reasons = new List<string>();
        while (LibSsl.ERR_get_error() is var error and not 0)
        {
            reasons.Add(Marshal.PtrToStringUTF8(LibSsl.ERR_reason_error_string(error)) ?? $"error {error:x}");
        }

        return reasons.Count == 0 ? "no reason given" : string.Join(", ", reasons);
    }
}
