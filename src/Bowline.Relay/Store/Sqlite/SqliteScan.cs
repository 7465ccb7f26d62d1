using System.Text;
using Bowline.Nostr;
using Bowline.Relay.Indexing;

namespace Bowline.Relay.Sqlite;

/// <summary>Walks the index of a plan, newest first, and hands on what passes the rest of the filter.</summary>
internal sealed class SqliteScan(SqliteReader reader, ScanPlan plan, Audience audience, long now, CancellationToken cancellationToken)
{
    private readonly IReadOnlyList<IndexKey>[] _tags = [.. plan.TagsToCheck];
    private readonly HashSet<int>? _kinds = plan.ChecksKinds ? [.. plan.Kinds!] : null;
    private readonly HashSet<NostrPublicKey>? _authors = plan.ChecksAuthors ? [.. plan.Authors!] : null;
    private readonly HashSet<EventId>? _ids = plan.ChecksIds ? [.. plan.Ids!] : null;
    private IndexKey[]? _addressed;

    /// <summary>The newest few that match.</summary>
    public NewestCandidates Newest()
    {
        var newest = new NewestCandidates(plan.Limit);
        Run(newest.Wants, newest.Add, () => newest.Floor);
        return newest;
    }

    /// <summary>Every match, possibly more than once.</summary>
    public void All(Action<Candidate> found) => Run(static _ => true, found, static () => long.MinValue);

    private void Run(Func<Candidate, bool> wants, Action<Candidate> found, Func<long> floor)
    {
        switch (plan.Kind)
        {
            case ScanKind.Ids:
                Each(SqliteReader.ById, plan.Ids!, static (walk, id) => walk.Bind(1, id));
                break;
            case ScanKind.AuthorKind:
                foreach (var kind in plan.Kinds!)
                {
                    Each(SqliteReader.ByAuthorKind, plan.Authors!, (walk, author) => walk.Bind(1, author).Bind(4, (long)kind));
                }

                break;
            case ScanKind.Author:
                Each(SqliteReader.ByAuthor, plan.Authors!, static (walk, author) => walk.Bind(1, author));
                break;
            case ScanKind.Tag:
                Each(SqliteReader.ByTag, plan.Tags[0], static (walk, key) => walk.Bind(1, key));
                break;
            case ScanKind.Kind:
                Each(SqliteReader.ByKind, plan.Kinds!, static (walk, kind) => walk.Bind(1, (long)kind));
                break;
            case ScanKind.Time:
                Each(SqliteReader.ByTime, [0], static (walk, _) => walk);
                break;
            case ScanKind.Search when SqliteSchema.CanSearch:
                Each(SqliteReader.BySequence, Search(), static (walk, sequence) => walk.Bind(1, sequence));
                break;
            default:
                break;
        }

        // A walk stops at the first entry that is too old for what the walks before it have found.
        void Each<T>(string sql, IReadOnlyList<T> values, Func<SqliteStatement, T, SqliteStatement> bind)
        {
            var walk = reader.Walk(sql);
            foreach (var value in values)
            {
                using var run = bind(walk, value).Bind(2, Math.Max(plan.Since, floor())).Bind(3, plan.Until).Run();
                while (walk.Step())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var candidate = new Candidate(walk.Number(0), walk.Number(1), walk.Number(2));
                    if (!wants(candidate))
                    {
                        break;
                    }

                    if ((walk.IsNull(4) || walk.Number(4) > now) && Passes(candidate, (int)walk.Number(3)))
                    {
                        found(candidate);
                    }
                }
            }
        }
    }

    private bool Passes(Candidate candidate, int kind) =>
        _kinds?.Contains(kind) != false
        && Array.TrueForAll(_tags, keys => Has(keys, candidate))
        && (_ids is null || (reader.Id(candidate.Sequence) is { } id && _ids.Contains(id)))
        && (_authors is null || (reader.Author(candidate.Sequence) is { } author && _authors.Contains(author)))
        && (audience.SeesAll || !Audience.IsPrivate(kind) || IsFor(candidate, kind));

    private bool IsFor(Candidate candidate, int kind) =>
        audience.Keys.Count > 0
        && (Has(_addressed ??= [.. audience.Keys.Select(static key => IndexKey.OfTag('p', key.ToString()))], candidate)
            || (reader.Author(candidate.Sequence) is { } author && audience.SeesByAuthor(kind, author)));

    private bool Has(IReadOnlyList<IndexKey> keys, Candidate candidate)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (reader.HasTag(keys[i], candidate))
            {
                return true;
            }
        }

        return false;
    }

    private List<long> Search()
    {
        var words = reader.Walk(SqliteReader.ByWords);
        var text = string.Join(' ', plan.Words!.Select(static word => $"\"{word}\""));
        using var run = words.BindText(1, Encoding.UTF8.GetBytes(text)).Bind(2, (long)SqliteReader.MostOfSearch).Run();
        var found = new List<long>();
        while (words.Step())
        {
            found.Add(words.Number(0));
        }

        return found;
    }
}
