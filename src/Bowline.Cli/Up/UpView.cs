using Bowline.Cli.Infrastructure;
using Bowline.Cli.Status;
using Spectre.Console;

namespace Bowline.Cli.Up;

/// <summary>The status of <c>bowline up</c> while it runs: live on a terminal, a line per change elsewhere.</summary>
internal static class UpView
{
    /// <summary>What the eye follows; the presence behind it is probed twice a second.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    /// <summary>Whether a person watches both streams.</summary>
    public static bool IsLive(Terminal terminal) => terminal.ErrorIsTerminal && terminal.OutputIsTerminal;

    public static async Task RunAsync(CliContext cli, StatusSource source, CancellationToken ended)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ended, cli.Cancelled);
        if (IsLive(cli.Terminal))
        {
            await cli.Terminal.Rich.Live(new Text(string.Empty)).StartAsync(live => EachAsync(
                cli,
                source,
                report => live.UpdateTarget(StatusView.Rich(report, cli.Time.GetUtcNow())),
                both.Token));
            return;
        }

        string? before = null;
        void ShowChange(StatusMessage report)
        {
            var now = string.Join('\n', StatusView.Lines(report.WithoutMeasurements(), null));
            if (now != before)
            {
                before = now;
                cli.Terminal.Say(string.Join('\n', StatusView.Lines(report, cli.Time.GetUtcNow())));
            }
        }

        await EachAsync(cli, source, ShowChange, both.Token);
    }

    private static async Task EachAsync(CliContext cli, StatusSource source, Action<StatusMessage> show, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                show(await source.ReadAsync(ended));
                await Task.Delay(Refresh, cli.Time, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The end of the command is the end of the view.
        }
    }
}
