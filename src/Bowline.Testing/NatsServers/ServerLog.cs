namespace Bowline.Testing.NatsServers;

/// <summary>The last lines a child wrote, for the message of a test that fails.</summary>
internal sealed class ServerLog
{
    private const int Capacity = 400;
    private readonly Queue<string> _lines = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];

    public void Add(string? line)
    {
        lock (_lines)
        {
            if (line is not null)
            {
                _lines.Enqueue(line);
                foreach (var (_, seen) in _waiting.Where(one => line.Contains(one.Text, StringComparison.Ordinal)))
                {
                    seen.TrySetResult();
                }
            }

            if (_lines.Count > Capacity)
            {
                _lines.Dequeue();
            }
        }
    }

    /// <summary>Completes when a line with this text was written, before or after the call.</summary>
    public Task WaitAsync(string text)
    {
        lock (_lines)
        {
            if (_lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((text, seen));
            return seen.Task;
        }
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines);
        }
    }
}
