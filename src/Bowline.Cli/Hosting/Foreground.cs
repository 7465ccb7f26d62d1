using Bowline.Cli.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bowline.Cli.Hosting;

/// <summary>Runs something until Ctrl-C, a service manager or the thing itself ends it.</summary>
internal static class Foreground
{
    // Stopping says goodbye and closes sockets; what takes longer is cut.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    /// <summary>Waits for Ctrl-C, SIGTERM, or the end of any of these.</summary>
    public static async Task UntilInterruptedAsync(CliContext cli, params Task[] ends) =>
        await await Task.WhenAny([.. ends, CancelledAsync(cli.Cancelled)]);

    /// <summary>Ends when the host is told to stop. It does not stop it, unlike the host's own wait: that is for <see cref="StopAsync"/>, which is waited for.</summary>
    public static Task StopAskedAsync(IServiceProvider services) =>
        CancelledAsync(services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);

    /// <summary>130 after Ctrl-C; 0 when a service manager, or a command to the process, ended it.</summary>
    public static int ExitCodeOf(CliContext cli) =>
        cli is { Cancelled.IsCancellationRequested: true, Interrupts.ByKeyboard: true } ? ExitCode.Interrupted : ExitCode.Ok;

    /// <summary>Stops the host, no longer than <see cref="StopLimit"/>.</summary>
    public static async Task StopAsync(IHost host, CliContext cli)
    {
        using var limit = new CancellationTokenSource(StopLimit, cli.Time);
        try
        {
            await host.StopAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            cli.Terminal.Say("Something of the node did not stop in time and was cut.");
        }
    }

    private static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(() => cancelled.TrySetResult());
        await cancelled.Task;
    }
}
