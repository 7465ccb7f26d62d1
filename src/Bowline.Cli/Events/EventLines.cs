using System.Runtime.CompilerServices;
using System.Text;
using Bowline.Cli.Infrastructure;
using Bowline.Nostr;

namespace Bowline.Cli.Events;

/// <summary>Events as JSON, one on a line.</summary>
internal static class EventLines
{
    /// <summary>Judges every line of a file that is not empty.</summary>
    /// <exception cref="CliException">There is no such file.</exception>
    public static async IAsyncEnumerable<(EventVerdict Verdict, NostrEvent? Event)> ReadAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var file = File.Exists(path)
            ? File.OpenText(path)
            : throw new CliException(ExitCode.Failed, "The events cannot be read.", $"{path} does not exist.", "bowline event verify --help");
        await foreach (var judged in ReadAsync(stop => file.ReadLineAsync(stop).AsTask(), cancellationToken))
        {
            yield return judged;
        }
    }

    /// <summary>Judges every line that is not empty.</summary>
    public static async IAsyncEnumerable<(EventVerdict Verdict, NostrEvent? Event)> ReadAsync(
        Func<CancellationToken, Task<string?>> readLine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0;
        while (await readLine(cancellationToken) is { } line)
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
