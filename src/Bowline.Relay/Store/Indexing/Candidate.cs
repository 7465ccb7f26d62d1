namespace Bowline.Relay.Indexing;

/// <summary>A found event before its JSON is read. Sorted as answers are: newest first, then by id.</summary>
internal readonly record struct Candidate(long CreatedAt, long Order, long Sequence) : IComparable<Candidate>
{
    public int CompareTo(Candidate other) =>
        CreatedAt != other.CreatedAt ? other.CreatedAt.CompareTo(CreatedAt)
        : Order != other.Order ? Order.CompareTo(other.Order)
        : Sequence.CompareTo(other.Sequence);

    public static bool operator <(Candidate left, Candidate right) => left.CompareTo(right) < 0;

    public static bool operator >(Candidate left, Candidate right) => left.CompareTo(right) > 0;

    public static bool operator <=(Candidate left, Candidate right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Candidate left, Candidate right) => left.CompareTo(right) >= 0;
}
