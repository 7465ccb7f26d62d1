namespace Bowline.Testing.NatsServers;

/// <summary>The last lines a child wrote, for the message of a test that fails.</summary>
internal sealed class ServerLog
{
    private const int Capacity = 400;
    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        lock (_lines)
        {
            if (line is not null)
            {
                _lines.Enqueue(line);
            }

            if (_lines.Count > Capacity)
            {
                _lines.Dequeue();
            }
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
