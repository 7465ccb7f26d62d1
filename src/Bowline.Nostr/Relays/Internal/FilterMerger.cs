using System.Globalization;
using System.Text;

namespace Bowline.Nostr;

/// <summary>
/// Merges the filters of many users: those that differ in nothing but their authors, or in nothing but whom events are addressed to
/// (<c>#p</c>), become one with the union of these lists, in batches. Exact in what it asks for, except for the time to begin at.
/// </summary>
internal static class FilterMerger
{
    /// <summary>Values of one merged list.</summary>
    /// <value>500: 33 kB of a message, which the relays in use take.</value>
    public const int BatchSize = 500;

    // A filter that goes far back must not make a relay send old events for everybody: hours, days, months apart.
    private static readonly long[] Ages = [3_600, 86_400, 30 * 86_400];

    private enum Dimension
    {
        None,
        Authors,
        Addressees,
    }

    public static List<WireFilter> Merge(IEnumerable<FilterMember> members, RelayLimits limits, TimeSpan overlap, long now)
    {
        List<WireFilter> merged = [];
        foreach (var group in members.GroupBy(member => KeyOf(member, overlap, now), StringComparer.Ordinal))
        {
            var list = group.ToList();
            var template = list[0].Filter with { Since = Earliest(list, overlap) };
            switch (DimensionOf(list[0].Filter))
            {
                case Dimension.Authors:
                    Batch(merged, list, static member => member.Filter.Authors!, batch => template with { Authors = batch }, static _ => 67, limits);
                    break;
                case Dimension.Addressees:
                    Batch(merged, list, static member => member.Filter.Tags['p'], batch => template with { Tags = With(template.Tags, batch) }, LengthOf, limits);
                    break;
                default:
                    merged.Add(new(template, [.. list.Select(static member => (member, (object?)null))]));
                    break;
            }
        }

        return merged;
    }

    /// <summary>The filters of a subscription that is asked for alone.</summary>
    public static IEnumerable<WireFilter> Alone(LinkSubscription subscription, RelayLimits limits, TimeSpan overlap) => subscription.Members
        .Where(static member => !member.IsVacuous)
        .Select(member => new WireFilter(
            member.Filter with
            {
                Since = member.Since(overlap),

                // A limit is about what was stored when it was asked first; of what was missed since, nothing may be left out.
                Limit = member.IsSettled ? null : Math.Min(member.Filter.Limit ?? int.MaxValue, limits.MaxLimit ?? int.MaxValue) is var limit and < int.MaxValue ? limit : null,
            },
            [(member, null)]));

    private static void Batch<T>(
        List<WireFilter> merged,
        List<FilterMember> members,
        Func<FilterMember, IReadOnlyList<T>> valuesOf,
        Func<List<T>, NostrFilter> filterOf,
        Func<T, int> lengthOf,
        RelayLimits limits)
        where T : notnull
    {
        // The rest of the filter, and the message around it, are short beside the last quarter.
        var room = limits.MaxMessageLength / 4 * 3;
        Dictionary<T, List<FilterMember>> byValue = [];
        foreach (var member in members)
        {
            foreach (var value in valuesOf(member).Distinct())
            {
                if (!byValue.TryGetValue(value, out var wanting))
                {
                    byValue[value] = wanting = [];
                }

                wanting.Add(member);
            }
        }

        List<T> batch = [];
        var length = 0;
        foreach (var value in byValue.Keys)
        {
            if (batch.Count == BatchSize || (batch.Count > 0 && length + lengthOf(value) > room))
            {
                Close();
            }

            batch.Add(value);
            length += lengthOf(value);
        }

        Close();

        void Close()
        {
            merged.Add(new(filterOf(batch), [.. batch.SelectMany(value => byValue[value].Select(member => (member, (object?)value)))]));
            batch = [];
            length = 0;
        }
    }

    private static long? Earliest(List<FilterMember> members, TimeSpan overlap)
    {
        long? earliest = long.MaxValue;
        foreach (var member in members)
        {
            earliest = member.Since(overlap) is { } since && earliest is { } known ? Math.Min(known, since) : null;
        }

        return earliest;
    }

    private static Dictionary<char, IReadOnlyList<string>> With(IReadOnlyDictionary<char, IReadOnlyList<string>> tags, List<string> addressees) =>
        new(tags) { ['p'] = addressees };

    private static Dimension DimensionOf(NostrFilter filter) =>
        filter.Tags.ContainsKey('p') ? Dimension.Addressees : filter.Authors is not null ? Dimension.Authors : Dimension.None;

    // JSON may need six characters for one.
    private static int LengthOf(string value) => (value.All(char.IsAsciiLetterOrDigit) ? value.Length : value.Length * 6) + 3;

    /// <summary>The same text for filters that may be merged.</summary>
    private static string KeyOf(FilterMember member, TimeSpan overlap, long now)
    {
        var filter = member.Filter;
        var dimension = DimensionOf(filter);
        var age = member.Since(overlap) is { } since ? 1 + Ages.Count(limit => now - since > limit) : 0;
        var key = new StringBuilder();
        key.Append(CultureInfo.InvariantCulture, $"{member.Group} {dimension} {age} {filter.Until} {member.Owner.Key is not null}");
        Append(key, " kinds", filter.Kinds?.Order().Select(static kind => kind.ToString(CultureInfo.InvariantCulture)));
        Append(key, " ids", filter.Ids?.Order().Select(static id => id.ToString()));
        Append(key, " authors", dimension == Dimension.Authors ? null : filter.Authors?.Order().Select(static author => author.ToString()));
        foreach (var (letter, values) in filter.Tags.OrderBy(static tag => tag.Key))
        {
            Append(key, $" #{letter}", dimension == Dimension.Addressees && letter == 'p' ? null : values.Order(StringComparer.Ordinal));
        }

        return key.ToString();
    }

    private static void Append(StringBuilder key, string name, IEnumerable<string>? values)
    {
        if (values is null)
        {
            return;
        }

        key.Append(name);
        foreach (var value in values)
        {
            // With its length, no value can look like two.
            key.Append(CultureInfo.InvariantCulture, $" {value.Length}:{value}");
        }
    }
}
