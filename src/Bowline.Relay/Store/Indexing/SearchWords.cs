using System.Globalization;
using System.Text;
using Bowline.Nostr;

namespace Bowline.Relay.Indexing;

/// <summary>
/// Words as both stores index and search them (NIP-50): runs of letters and digits in lower case, the first 64 characters of each. A
/// script without spaces is one run, and found as such only.
/// </summary>
internal static class SearchWords
{
    /// <summary>The most different words of one event that are indexed: the size of a long article.</summary>
    public const int MostOfEvent = 4_000;

    /// <summary>The most words of a search that count; nobody types more.</summary>
    public const int MostOfSearch = 16;

    private const int LongestWord = 64;

    // Extensions of NIP-50: a relay that does not know one ignores it.
    private static readonly string[] Extensions = ["include:", "domain:", "language:", "sentiment:", "nsfw:"];

    /// <summary>Kinds with text for people in their content: profiles, notes, threads, media, comments, highlights, articles, wiki pages.</summary>
    public static bool IsSearched(int kind) => kind is 0 or 1 or 11 or 20 or 21 or 22 or 1111 or 9802 or 30_023 or 30_818;

    /// <summary>The different words of an event, in order of appearance; none when its kind is not searched.</summary>
    public static IReadOnlyList<string> Of(NostrEvent value) => IsSearched(value.Kind) ? Split(value.Content, MostOfEvent) : [];

    /// <summary>The different words of a search. None of them means that nothing is found.</summary>
    public static IReadOnlyList<string> OfSearch(string search) => Split(
        string.Join(' ', search.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(part => !Array.Exists(Extensions, e => part.StartsWith(e, StringComparison.Ordinal)))),
        MostOfSearch);

    private static List<string> Split(ReadOnlySpan<char> text, int most)
    {
        var words = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var start = -1;
        for (var i = 0; i <= text.Length && words.Count < most;)
        {
            var length = 1;
            var isWord = i < text.Length && IsWord(text[i..], out length);
            if (isWord && start < 0)
            {
                start = i;
            }
            else if (!isWord && start >= 0)
            {
                Add(text[start..i]);
                start = -1;
            }

            i += length;
        }

        return words;

        void Add(ReadOnlySpan<char> run)
        {
            var cut = run.Length <= LongestWord ? run.Length : char.IsHighSurrogate(run[LongestWord - 1]) ? LongestWord - 1 : LongestWord;
            var word = run[..cut].ToString().ToLowerInvariant();
            if (seen.Add(word))
            {
                words.Add(word);
            }
        }
    }

    private static bool IsWord(ReadOnlySpan<char> text, out int length)
    {
        if (char.IsAscii(text[0]))
        {
            length = 1;
            return char.IsAsciiLetterOrDigit(text[0]);
        }

        _ = Rune.DecodeFromUtf16(text, out var rune, out length);
        return rune.Value != Rune.ReplacementChar.Value && (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
    }
}
