using System.Collections.Concurrent;

namespace Bowline.Hub.Health;

/// <summary>The hub's current warnings, one per code; feeds /healthz, the console and <c>bowline status</c>.</summary>
internal sealed class HubHealth(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, HealthWarning> _warnings = new(StringComparer.Ordinal);

    public IReadOnlyList<HealthWarning> Warnings => [.. _warnings.Values.OrderBy(w => w.Since)];

    /// <summary>Raises a warning, or refreshes its text; keeps the time since which it stands.</summary>
    public void Raise(string code, string title, HealthSeverity severity, string text, string command)
    {
        var now = time.GetUtcNow();
        _warnings.AddOrUpdate(
            code,
            new HealthWarning(code, title, severity, text, command, now),
            (_, old) => old with { Title = title, Severity = severity, Text = text, Command = command });
    }

    public void Clear(string code) => _warnings.TryRemove(code, out _);
}
