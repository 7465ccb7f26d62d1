using System.Globalization;
using Bowline.Cli.Infrastructure;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Bowline.Cli.Hosting;

/// <summary>Log lines above a live view, which a line written past it would tear. Long ones are cut: whoever wants all of it runs with <c>--verbose</c> into a file.</summary>
internal sealed class LiveLogs(Terminal terminal) : ILoggerProvider
{
    private const int Longest = 300;

    public ILogger CreateLogger(string categoryName) => new Logger(terminal, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        // The terminal is the process's own.
    }

    /// <summary>One line for one entry.</summary>
    internal static string Line(DateTime at, LogLevel level, string category, string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return string.Create(CultureInfo.InvariantCulture, $"{at:HH:mm:ss} {level.ToString().ToLowerInvariant()}: {category}: {(line.Length > Longest ? line[..Longest] + "..." : line)}");
    }

    private sealed class Logger(Terminal terminal, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            terminal.Rich.Write(OverView(Line(
                TimeProvider.System.GetLocalNow().DateTime,
                logLevel,
                category,
                exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception.Message}")));

        /// <summary>Filled up to the screen's width, because it is written over the view's old lines.</summary>
        private static Rows OverView(string line) => new(new Align(new Text(line), HorizontalAlignment.Left));
    }
}
