using Bowline.Cli.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bowline.Cli.Hosting;

/// <summary>Runs a host until Ctrl-C, a service manager or the host itself ends it.</summary>
internal static class Foreground
{
    // Stopping says goodbye and closes sockets; what takes longer is cut.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    /// <summary>Waits for the end; returns the exit code that says who asked for it.</summary>
    public static async Task<int> WaitAsync(IHost host, CliContext cli)
    {
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var own = lifetime.ApplicationStopping.Register(() => ended.TrySetResult());
        await using var asked = cli.Cancelled.Register(() => ended.TrySetResult());
        await ended.Task;
        await StopAsync(host, cli);
        return cli is { Cancelled.IsCancellationRequested: true, Interrupts.ByKeyboard: true } ? ExitCode.Interrupted : ExitCode.Ok;
    }

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
            cli.Terminal.Say("Something did not stop in time and was cut.");
        }
    }
}
