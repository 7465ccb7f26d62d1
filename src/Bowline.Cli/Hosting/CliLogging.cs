using Bowline.Cli.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Bowline.Cli.Hosting;

/// <summary>Log lines go to stderr, without colour unless a person watches, and in the journal's form below systemd.</summary>
internal static class CliLogging
{
    public static void AddCliLogging(this IServiceCollection services, Terminal terminal, LogLevel level) => services.AddLogging(logging =>
    {
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("Bowline.Nats", level <= LogLevel.Debug ? level : LogLevel.Error); // The link says what its connection does.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // A host that fails to start throws; once is enough.
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        if (terminal.IsLive)
        {
            logging.AddProvider(new LiveLogs(terminal));
        }
        else if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 })
        {
            logging.AddSystemdConsole();
        }
        else
        {
            logging.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss ";
                options.ColorBehavior = terminal.ErrorIsTerminal ? LoggerColorBehavior.Default : LoggerColorBehavior.Disabled;
            });
        }
    });
}
