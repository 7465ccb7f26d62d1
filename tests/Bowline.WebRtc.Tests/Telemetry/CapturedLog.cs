using Microsoft.Extensions.Logging;

namespace Bowline.WebRtc.Tests.Telemetry;

/// <summary>Everything a connection logs, and the wait for a line of it.</summary>
internal sealed class CapturedLog : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(int Id, LogLevel Level, string Text, Exception? Exception)> _entries = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<(int Id, LogLevel Level, string Text, Exception? Exception)> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>Waits for a message with an id; one already logged counts.</summary>
    public async Task<(int Id, LogLevel Level, string Text, Exception? Exception)> WaitAsync(int id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_entries.FindIndex(entry => entry.Id == id) is >= 0 and var index)
                {
                    return _entries[index];
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(limit.Token);
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _entries.Add((eventId.Id, logLevel, formatter(state, exception), exception));
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }

    public ILogger CreateLogger(string categoryName) => categoryName == "Bowline.WebRtc" ? this : throw new ArgumentException(categoryName, nameof(categoryName));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
