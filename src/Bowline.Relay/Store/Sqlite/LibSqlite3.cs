using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bowline.Core.Native;

namespace Bowline.Relay.Sqlite;

/// <summary>
/// The few functions we use of the platform's SQLite. Called directly: an event is thirty calls and more, each of which would make
/// objects in ADO.NET.
/// </summary>
internal static partial class LibSqlite3
{
    internal const int Ok = 0;
    internal const int Busy = 5;
    internal const int Locked = 6;
    internal const int ReadOnly = 8;
    internal const int Interrupted = 9;
    internal const int InputOutput = 10;
    internal const int Corrupt = 11;
    internal const int Full = 13;
    internal const int CannotOpen = 14;
    internal const int NotADatabase = 26;
    internal const int Row = 100;
    internal const int Done = 101;

    internal const int OpenReadOnly = 0x1;
    internal const int OpenReadWrite = 0x2;
    internal const int OpenCreate = 0x4;
    internal const int OpenNoMutex = 0x8000;

    internal const uint PreparePersistent = 1;

    /// <summary>SQLITE_TRANSIENT: SQLite makes its own copy at once.</summary>
    internal const nint Transient = -1;

    internal const int NullType = 5;

    private const string Library = "bowline-sqlite3";

    private static readonly string[] Names = OperatingSystem.IsWindows()
        ? ["winsqlite3"]
        : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"] : ["libsqlite3.so.0"];

    [LibraryImport(Library)]
    internal static partial int sqlite3_open_v2(ReadOnlySpan<byte> path, out nint database, int flags, nint vfs);

    [LibraryImport(Library)]
    internal static partial int sqlite3_close_v2(nint database);

    [LibraryImport(Library)]
    internal static partial nint sqlite3_errmsg(nint database);

    [LibraryImport(Library)]
    internal static partial int sqlite3_busy_timeout(nint database, int milliseconds);

    [LibraryImport(Library)]
    internal static partial int sqlite3_prepare_v3(nint database, ReadOnlySpan<byte> sql, int length, uint flags, out nint statement, nint tail);

    [LibraryImport(Library)]
    internal static partial int sqlite3_exec(nint database, ReadOnlySpan<byte> sql, nint callback, nint argument, nint message);

    [LibraryImport(Library)]
    internal static partial void sqlite3_interrupt(nint database);

    [LibraryImport(Library)]
    internal static partial int sqlite3_step(nint statement);

    [LibraryImport(Library)]
    internal static partial int sqlite3_finalize(nint statement);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqlite3_bind_int64(nint statement, int index, long value);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqlite3_bind_null(nint statement, int index);

    [LibraryImport(Library)]
    internal static partial int sqlite3_bind_blob(nint statement, int index, ReadOnlySpan<byte> value, int length, nint destructor);

    [LibraryImport(Library)]
    internal static partial int sqlite3_bind_text(nint statement, int index, ReadOnlySpan<byte> value, int length, nint destructor);

    [LibraryImport(Library)]
    internal static partial int sqlite3_reset(nint statement);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqlite3_column_type(nint statement, int column);

    [LibraryImport(Library)]
    internal static partial nint sqlite3_column_blob(nint statement, int column);

    [LibraryImport(Library)]
    internal static partial nint sqlite3_column_text(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqlite3_column_bytes(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqlite3_changes(nint database);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqlite3_get_autocommit(nint database);

    [LibraryImport(Library)]
    internal static partial int sqlite3_compileoption_used(ReadOnlySpan<byte> name);

#pragma warning disable CA2255 // The resolver has to be in place before the first import of this assembly runs.
    [ModuleInitializer]
    internal static void Register() => SystemLibrary.Register(
        typeof(LibSqlite3).Assembly, Library, Names, "SQLite was not found. Install it (Debian: apt-get install libsqlite3-0).");
#pragma warning restore CA2255
}
