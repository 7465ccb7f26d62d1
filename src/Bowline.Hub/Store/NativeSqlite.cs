using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Bowline.Hub.Store;

/// <summary>Binds SQLitePCLRaw's <c>e_sqlite3</c> provider to the SQLite that the platform ships (docs/decisions).</summary>
internal static class NativeSqlite
{
    private static readonly string[] Names = OperatingSystem.IsWindows()
        ? ["winsqlite3"]
        : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"] : ["libsqlite3.so.0"];

    private static readonly Lazy<bool> Bound = new(Bind);

    /// <summary>Binds once per process.</summary>
    /// <exception cref="DllNotFoundException">The platform has no SQLite.</exception>
    public static void EnsureBound() => _ = Bound.Value;

    private static bool Bind()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "e_sqlite3")
        {
            return 0;
        }

        foreach (var candidate in Names)
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException("SQLite was not found. Install it (Debian: apt-get install libsqlite3-0).");
    }
}
