using System.ComponentModel;
using System.Diagnostics;
using Bowline.Testing.Processes;

namespace Bowline.Testing.Postgres;

/// <summary>
/// A private PostgreSQL cluster in a temporary folder, on a Unix socket only, with fsync on. One serves a whole test run
/// (<see cref="SharedAsync"/>); it ends with this process, also when that is killed.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(StartSharedAsync);

    private readonly string _folder;
    private readonly TestProcess _server;

    private PostgresCluster(string folder, TestProcess server)
    {
        _folder = folder;
        _server = server;
    }

    /// <summary>The folder of the socket, which is the host in a connection string.</summary>
    public string Host => _folder;

    /// <summary>The server's process id.</summary>
    public int ProcessId => _server.Id;

    /// <summary>What the server has said.</summary>
    public string Log => _server.Output;

    /// <summary>The cluster of this test process, started at the first call.</summary>
    public static Task<PostgresCluster> SharedAsync() => Shared.Value;

    /// <summary>Starts a cluster of its own.</summary>
    /// <exception cref="FileNotFoundException">PostgreSQL is not installed.</exception>
    /// <exception cref="InvalidOperationException">It did not start; the message holds its output.</exception>
    public static async Task<PostgresCluster> StartAsync(CancellationToken cancellationToken = default)
    {
        var programs = PostgresPrograms.Find();
        var folder = Directory.CreateTempSubdirectory("bowline-postgres-").FullName;
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chown", [PostgresPrograms.User, folder], cancellationToken).ConfigureAwait(false);
            }

            var data = Path.Combine(folder, "data");
            var (initdb, arguments) = programs.Command("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
            await RunAsync(initdb, arguments, cancellationToken).ConfigureAwait(false);
            var (postgres, options) = programs.Command("postgres", "-D", data, "-c", "listen_addresses=", "-c", $"unix_socket_directories={folder}", "-c", "max_connections=200");
            var server = TestProcess.Start(postgres, options);
            try
            {
                await server.WaitForLineAsync(static line => line.Contains("ready to accept connections", StringComparison.Ordinal), StartTimeout, cancellationToken).ConfigureAwait(false);
                return new(folder, server);
            }
            catch
            {
                await server.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A connection string for a database of this cluster.</summary>
    public string ConnectionString(string database) => $"Host={_folder};Username=postgres;Database={database}";

    /// <summary>Ends the server and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<PostgresCluster> StartSharedAsync()
    {
        var cluster = await StartAsync().ConfigureAwait(false);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.EndWithProcess();
        return cluster;
    }

    // The parent-death signal would end the server anyway; this is for its folder.
    private void EndWithProcess()
    {
        try
        {
            Signals.Send(_server.Id, Signals.Kill);
        }
        catch (Win32Exception e)
        {
            Trace.TraceInformation($"PostgreSQL had ended already: {e.Message}");
        }

        // Its children write for a moment after their parent's death.
        _ = SpinWait.SpinUntil(TryRemoveFolder, TimeSpan.FromSeconds(2));
    }

    private bool TryRemoveFolder()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
            return true;
        }
        catch (IOException e)
        {
            Trace.TraceInformation(e.Message);
            return false;
        }
    }

    private static async Task RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = ChildProcesses.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" });
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{file} ended with code {process.ExitCode}:\n{await output.ConfigureAwait(false)}\n{error}");
        }
    }
}
