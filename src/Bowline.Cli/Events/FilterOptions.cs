using System.CommandLine;
using System.Globalization;
using Bowline.Cli.Infrastructure;
using Bowline.Cli.Relays;
using Bowline.Nostr;

namespace Bowline.Cli.Events;

/// <summary>The conditions of <c>event query</c> and <c>event watch</c>: all must hold, a repeated one means any of its values.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string[]> _ids = new("--id") { Description = "An event's id (note, nevent or hex).", HelpName = "ID" };
    private readonly Option<string[]> _authors = new("--author") { Description = "An author (npub, nprofile or hex).", HelpName = "KEY" };
    private readonly Option<int[]> _kinds = new("--kind") { Description = "A kind, 0 to 65535.", HelpName = "KIND" };
    private readonly Option<string[]> _tags = new("--tag") { Description = "A tag of one letter and its value, like t=nostr.", HelpName = "LETTER=VALUE" };
    private readonly Option<string?> _since = new("--since") { Description = "Not older than this: a time, unix seconds, or how long ago (30s, 10m, 2h, 7d).", HelpName = "TIME" };
    private readonly Option<string?> _until = new("--until") { Description = "Not newer than this.", HelpName = "TIME" };
    private readonly Option<int?> _limit = new("--limit") { Description = "At most so many stored events, the newest.", HelpName = "N" };
    private readonly Option<string?> _search = new("--search") { Description = "Words the event must have (relays with NIP-50).", HelpName = "WORDS" };

    public FilterOptions AddTo(Command command)
    {
        foreach (var option in new Option[] { _ids, _authors, _kinds, _tags, _since, _until, _limit, _search })
        {
            command.Add(option);
        }

        return this;
    }

    /// <exception cref="CliException">A condition means nothing.</exception>
    public NostrFilter Read(ParseResult parsed, CliContext cli)
    {
        var now = cli.Time.GetUtcNow();
        return new()
        {
            Ids = parsed.GetValue(_ids) is { Length: > 0 } ids ? [.. ids.Select(ReadId)] : null,
            Authors = parsed.GetValue(_authors) is { Length: > 0 } authors ? PublicKeys.ParseAll(authors, problem => throw Refuse(_authors, problem)) : null,
            Kinds = parsed.GetValue(_kinds) is { Length: > 0 } kinds ? [.. kinds.Select(ReadKind)] : null,
            Tags = (parsed.GetValue(_tags) ?? []).Select(ReadTag).GroupBy(static tag => tag.Letter, static tag => tag.Value)
                .ToDictionary(static group => group.Key, static group => (IReadOnlyList<string>)[.. group]),
            Since = parsed.GetValue(_since) is { } since ? Moment.Parse(since, now) ?? throw Refuse(_since, $"'{since}' is no time.") : null,
            Until = parsed.GetValue(_until) is { } until ? Moment.Parse(until, now) ?? throw Refuse(_until, $"'{until}' is no time.") : null,
            Limit = parsed.GetValue(_limit) is { } limit ? limit >= 0 ? limit : throw Refuse(_limit, "a number of events is 0 or more.") : null,
            Search = parsed.GetValue(_search),
        };
    }

    private EventId ReadId(string text)
    {
        if (EventId.TryParse(text, out var id))
        {
            return id;
        }

        return NostrIdentifier.TryParse(text, out var identifier, out var problem)
            ? identifier switch
            {
                NoteIdentifier note => note.Id,
                EventIdentifier found => found.Id,
                _ => throw Refuse(_ids, $"'{text}' names something else than an event."),
            }
            : throw Refuse(_ids, $"'{text}' is no id: give a note, a nevent or 64 lower-case hex digits. {problem}");
    }

    private int ReadKind(int kind) => kind is >= 0 and <= NostrKind.Max
        ? kind
        : throw Refuse(_kinds, $"{kind.ToString(CultureInfo.InvariantCulture)} is no kind: kinds are 0 to {NostrKind.Max}.");

    private (char Letter, string Value) ReadTag(string text) => text.Length > 1 && char.IsAsciiLetter(text[0]) && text[1] == '='
        ? (text[0], text[2..])
        : throw Refuse(_tags, $"'{text}' is no condition on a tag: write one letter, '=' and the value.");

    private static CliException Refuse(Option option, string problem) =>
        new(ExitCode.Usage, "The command line was not understood.", $"{option.Name}: {problem}", "bowline event query --help");
}
