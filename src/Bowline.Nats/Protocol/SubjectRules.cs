using System.Buffers;

namespace Bowline.Nats;

/// <summary>
/// The server trusts clients to send well-formed subjects, so they are checked here: whitespace would inject protocol,
/// and a wildcard in a published subject would be delivered literally.
/// </summary>
internal static class SubjectRules
{
    /// <summary>Leaves room for the rest of the line within the server's default control line of 4096 bytes.</summary>
    public const int MaxLength = 2048;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create([.. Enumerable.Range(0, 33).Select(i => (char)i), '\x7f']);

    public static void CheckPublish(string subject)
    {
        if (!IsValid(subject, wildcards: false))
        {
            throw new ArgumentException($"'{Printable(subject)}' is not a subject that can be published on.", nameof(subject));
        }
    }

    public static void CheckSubscribe(string subject)
    {
        if (!IsValid(subject, wildcards: true))
        {
            throw new ArgumentException($"'{Printable(subject)}' is not a subject that can be subscribed to.", nameof(subject));
        }
    }

    public static void CheckQueueGroup(string? queueGroup)
    {
        if (queueGroup is not null && (queueGroup.Length is 0 or > MaxLength || queueGroup.AsSpan().ContainsAny(Forbidden)))
        {
            throw new ArgumentException($"'{Printable(queueGroup)}' is not a queue group.", nameof(queueGroup));
        }
    }

    public static void CheckPublish(ReadOnlySpan<byte> subject)
    {
        if (subject.Length is 0 or > MaxLength
            || subject.ContainsAnyInRange((byte)0, (byte)' ')
            || subject.Contains((byte)0x7f)
            || subject[0] == '.'
            || subject[^1] == '.'
            || subject.IndexOf(".."u8) >= 0
            || HasWildcard(subject))
        {
            throw new ArgumentException("Not a subject that can be published on.", nameof(subject));
        }
    }

    public static bool IsValid(ReadOnlySpan<char> subject, bool wildcards)
    {
        if (subject.Length is 0 or > MaxLength || subject.ContainsAny(Forbidden))
        {
            return false;
        }

        while (true)
        {
            var dot = subject.IndexOf('.');
            var token = dot < 0 ? subject : subject[..dot];
            if (token.IsEmpty
                || (token is "*" && !wildcards)
                || (token is ">" && (!wildcards || dot >= 0)))
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            subject = subject[(dot + 1)..];
        }
    }

    private static bool HasWildcard(ReadOnlySpan<byte> subject)
    {
        if (!subject.ContainsAny((byte)'*', (byte)'>'))
        {
            return false;
        }

        foreach (var range in subject.Split((byte)'.'))
        {
            if (subject[range] is [(byte)'*'] or [(byte)'>'])
            {
                return true;
            }
        }

        return false;
    }

    private static string Printable(string text) =>
        string.Concat(text.Take(128).Select(c => char.IsControl(c) ? '?' : c));
}
