using System.Runtime.CompilerServices;
using Bowline.Core.Native;

namespace Bowline.WebRtc;

/// <summary>Where the native libraries of this assembly are, and what to say when they are not (ADR 0030).</summary>
internal static class NativeLibraries
{
    internal const string Nice = "bowline-nice";
    internal const string GLib = "bowline-glib";
    internal const string GObject = "bowline-gobject";
    internal const string Gio = "bowline-gio";
    internal const string Ssl = "bowline-ssl";
    internal const string Crypto = "bowline-crypto";
    internal const string Sctp = "bowline-usrsctp";

    internal const string Missing =
        "WebRTC needs libnice, OpenSSL 3 and libusrsctp, and at least one of them was not found. Install them (Debian: apt-get install libnice10 libssl3 libusrsctp2).";

    private static readonly Dictionary<string, IReadOnlyList<string>> Names = new(StringComparer.Ordinal)
    {
        [Nice] = ["libnice.so.10"],
        [GLib] = ["libglib-2.0.so.0"],
        [GObject] = ["libgobject-2.0.so.0"],
        [Gio] = ["libgio-2.0.so.0"],
        [Ssl] = ["libssl.so.3"],
        [Crypto] = ["libcrypto.so.3"],
        [Sctp] = ["libusrsctp.so.2", "libusrsctp.so.1"],
    };

    /// <summary>True when all are here. Only Linux has been tried (ADR 0030 says what another platform takes).</summary>
    internal static bool Exist => OperatingSystem.IsLinux() && Names.Values.All(SystemLibrary.Exists);

#pragma warning disable CA2255 // The resolver has to be in place before the first import of this assembly runs.
    [ModuleInitializer]
    internal static void Register() => SystemLibrary.Register(typeof(NativeLibraries).Assembly, Names, Missing);
#pragma warning restore CA2255
}
