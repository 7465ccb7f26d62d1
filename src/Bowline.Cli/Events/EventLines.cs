using System.Text;
using Bowline.Nostr;

namespace Bowline.Cli.Events;

/// <summary>Events as JSON, one on a line.</summary>
internal static class EventLines
{
    /// <summary>Judges every line that is not empty.</summary>
    public static IEnumerable<(EventVerdict Verdict, NostrEvent? Event)> Read(TextReader input)
    {
        var number = 0;
        while (input.ReadLine() is { } line)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return Judge(number, line);
            }
        }
    }

    private static (EventVerdict Verdict, NostrEvent? Event) Judge(int number, string line)
    {
        if (!EventReader.TryRead(Encoding.UTF8.GetBytes(line), out var value, out var problem))
        {
            return (new(number, null, Valid: false, problem), null);
        }

        problem = !value!.HasValidId()
            ? "the id is not the hash of the content"
            : !value.HasValidSignature() ? "the signature is not the author's" : null;
        return (new(number, value.Id.ToString(), problem is null, problem), problem is null ? value : null);
    }
}
