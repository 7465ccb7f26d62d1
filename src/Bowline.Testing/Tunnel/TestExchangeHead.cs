namespace Bowline.Testing.Tunnel;

/// <summary>What a handler answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Headers">The header fields, in order.</param>
/// <param name="ContentLength">The announced length of the body, -1 when unknown.</param>
public sealed record TestResponseHead(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, long ContentLength)
{
    /// <summary>Every value of the name, in order.</summary>
    public IReadOnlyList<string> All(string name) => [.. Headers.Where(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Value)];

    /// <summary>The first value of the name, or null.</summary>
    public string? this[string name] => All(name) is [var first, ..] ? first : null;
}
