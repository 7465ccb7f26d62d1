using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;

namespace Bowline.Nats;

/// <summary>
/// Headers of a message: ordered, names case-sensitive and repeatable, as the protocol has them.
/// </summary>
public sealed class NatsHeaders : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _items = [];

    /// <summary>How many header lines there are.</summary>
    public int Count => _items.Count;

    /// <summary>The status of a message from the server itself, such as 503; 0 when there is none.</summary>
    public int Code { get; private set; }

    /// <summary>The words after the status.</summary>
    public string MessageText { get; private set; } = "";

    /// <summary>The first value of a name, or null. Setting replaces all values of the name.</summary>
    public string? this[string name]
    {
        get => TryGetValue(name, out var value) ? value : null;
        set
        {
            _items.RemoveAll(item => item.Key == name);
            if (value is not null)
            {
                Add(name, value);
            }
        }
    }

    /// <summary>Adds one line.</summary>
    /// <exception cref="ArgumentException">The name or value would break the header block.</exception>
    public void Add(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.AsSpan().ContainsAnyExceptInRange('!', '~') || name.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException("A header name is printable ASCII without a colon.", nameof(name));
        }

        if (value.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException("A header value is one line.", nameof(value));
        }

        _items.Add(new(name, value));
    }

    /// <summary>The first value of a name.</summary>
    public bool TryGetValue(string name, out string value)
    {
        foreach (var (key, found) in _items)
        {
            if (key == name)
            {
                value = found;
                return true;
            }
        }

        value = "";
        return false;
    }

    /// <summary>All values of a name, in order.</summary>
    public IEnumerable<string> GetValues(string name) => _items.Where(item => item.Key == name).Select(item => item.Value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _items.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Reads a header block; a malformed one is refused.</summary>
    /// <exception cref="NatsProtocolException">Not a header block.</exception>
    public static NatsHeaders Parse(ReadOnlySpan<byte> block)
    {
        if (!block.StartsWith("NATS/1.0"u8) || !block.EndsWith("\r\n\r\n"u8))
        {
            throw new NatsProtocolException("A header block is malformed.");
        }

        var headers = new NatsHeaders();
        var end = block.IndexOf("\r\n"u8);
        headers.ReadStatus(block[8..end].Trim((byte)' '));
        block = block[(end + 2)..];
        while (block.Length > 2)
        {
            end = block.IndexOf("\r\n"u8);
            var line = block[..end];
            var colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                throw new NatsProtocolException("A header line has no name.");
            }

            headers._items.Add(new(Encoding.UTF8.GetString(line[..colon]), Encoding.UTF8.GetString(line[(colon + 1)..].Trim((byte)' '))));
            block = block[(end + 2)..];
        }

        return headers;
    }

    internal void WriteTo(IBufferWriter<byte> writer)
    {
        writer.Write("NATS/1.0\r\n"u8);
        foreach (var (name, value) in _items)
        {
            Encoding.ASCII.GetBytes(name, writer);
            writer.Write(": "u8);
            Encoding.UTF8.GetBytes(value, writer);
            writer.Write("\r\n"u8);
        }

        writer.Write("\r\n"u8);
    }

    private void ReadStatus(ReadOnlySpan<byte> status)
    {
        if (status.Length < 3 || !int.TryParse(status[..3], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return;
        }

        Code = code;
        MessageText = Encoding.UTF8.GetString(status[3..].Trim((byte)' '));
    }
}
