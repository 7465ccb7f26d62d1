namespace Bowline.Core.Health;

/// <summary>
/// The troubles of one component that last now. Raising and clearing are idempotent, so each detector states what it
/// sees and never has to know what it said before. Safe for concurrent use.
/// </summary>
/// <param name="time">The clock for <see cref="HealthWarning.Since"/> and for the time to visible.</param>
public sealed class HealthTracker(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>What is wrong now and has lasted long enough to be shown, the gravest first.</summary>
    public IReadOnlyList<HealthWarning> Visible
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Values
                    .Where(entry => time.GetElapsedTime(entry.RaisedAt) >= entry.TimeToVisible)
                    .Select(entry => entry.Warning)
                    .OrderByDescending(warning => warning.Severity)
                    .ThenBy(warning => warning.Since)];
            }
        }
    }

    /// <summary>States that the trouble lasts. Its beginning is kept; text and command are brought up to date.</summary>
    public void Raise(HealthCode code, string text, string? command = null)
    {
        lock (_gate)
        {
            var known = _entries.GetValueOrDefault(code.Code);
            var since = known?.Warning.Since ?? time.GetUtcNow();
            var raisedAt = known?.RaisedAt ?? time.GetTimestamp();
            _entries[code.Code] = new Entry(new HealthWarning(code.Code, code.Title, code.Severity, text, command, since), raisedAt, code.TimeToVisible);
        }
    }

    /// <summary>States that the trouble is over.</summary>
    public void Clear(HealthCode code)
    {
        lock (_gate)
        {
            _entries.Remove(code.Code);
        }
    }

    private sealed record Entry(HealthWarning Warning, long RaisedAt, TimeSpan TimeToVisible);
}
