using System.Buffers;

namespace Bowline.Nostr;

/// <summary>One filter as it is sent, with the members it speaks for and the value by which each is found (an author, an addressee, or none).</summary>
internal sealed record WireFilter(NostrFilter Filter, IReadOnlyList<(FilterMember Member, object? Value)> Members)
{
    /// <summary>Its length in a message, with the comma.</summary>
    public int Length { get; } = Measure(Filter);

    private static int Measure(NostrFilter filter)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        FilterWriter.Write(buffer, filter);
        return buffer.WrittenCount + 1;
    }
}
