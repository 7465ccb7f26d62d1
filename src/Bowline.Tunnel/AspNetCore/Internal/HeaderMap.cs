using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Bowline.Tunnel;

/// <summary>
/// Header fields as ASP.NET Core wants them. What could break out of its field is refused where it is set, and nothing changes
/// once the head has left.
/// </summary>
internal sealed class HeaderMap : IHeaderDictionary
{
    private readonly Dictionary<string, StringValues> _fields = new(StringComparer.OrdinalIgnoreCase);

    public bool IsReadOnly { get; private set; }

    public int Count => _fields.Count;

    public ICollection<string> Keys => _fields.Keys;

    public ICollection<StringValues> Values => _fields.Values;

    public long? ContentLength
    {
        get => _fields.TryGetValue("Content-Length", out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
        set
        {
            if (value < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A length is not negative.");
            }

            this["Content-Length"] = value is { } length ? length.ToString(CultureInfo.InvariantCulture) : StringValues.Empty;
        }
    }

    public StringValues this[string key]
    {
        get => _fields.TryGetValue(key, out var value) ? value : StringValues.Empty;
        set
        {
            ThrowIfReadOnly();
            if (value.Count == 0)
            {
                _ = _fields.Remove(key);
                return;
            }

            ThrowIfBad(key, value);
            _fields[key] = value;
        }
    }

    /// <summary>Takes the fields of a head that was checked when it was read.</summary>
    public void Fill(TunnelHeaders headers)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            var (name, value) = headers[i];
            _fields[name] = _fields.TryGetValue(name, out var present) ? StringValues.Concat(present, value) : value;
        }
    }

    public void CopyTo(TunnelHeaders headers, string? except)
    {
        foreach (var (name, values) in _fields)
        {
            if (except is not null && name.Equals(except, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            for (var i = 0; i < values.Count; i++)
            {
                headers.Add(name, values[i] ?? "");
            }
        }
    }

    public void Freeze() => IsReadOnly = true;

    public void Reset()
    {
        IsReadOnly = false;
        _fields.Clear();
    }

    public void Add(string key, StringValues value)
    {
        ThrowIfReadOnly();
        ThrowIfBad(key, value);
        if (value.Count > 0)
        {
            _fields.Add(key, value);
        }
    }

    public void Add(KeyValuePair<string, StringValues> item) => Add(item.Key, item.Value);

    public void Clear()
    {
        ThrowIfReadOnly();
        _fields.Clear();
    }

    public bool Contains(KeyValuePair<string, StringValues> item) => _fields.TryGetValue(item.Key, out var value) && StringValues.Equals(value, item.Value);

    public bool ContainsKey(string key) => _fields.ContainsKey(key);

    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => ((ICollection<KeyValuePair<string, StringValues>>)_fields).CopyTo(array, arrayIndex);

    public bool Remove(string key)
    {
        ThrowIfReadOnly();
        return _fields.Remove(key);
    }

    public bool Remove(KeyValuePair<string, StringValues> item) => Contains(item) && Remove(item.Key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value) => _fields.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void ThrowIfBad(string name, StringValues values)
    {
        if (!HeadRules.IsToken(name))
        {
            throw new InvalidOperationException("A header name holds a character that is not allowed.");
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (!HeadRules.IsFieldValue(values[i]))
            {
                throw new InvalidOperationException($"The value of the header '{name}' holds a control character.");
            }
        }

        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
            && (values.Count != 1 || !long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw new InvalidOperationException("The value of the header 'Content-Length' is not a length.");
        }
    }

    private void ThrowIfReadOnly()
    {
        if (IsReadOnly)
        {
            throw new InvalidOperationException("The headers are read-only: the response has begun.");
        }
    }
}
