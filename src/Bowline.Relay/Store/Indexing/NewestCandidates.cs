namespace Bowline.Relay.Indexing;

/// <summary>The newest few of what several walks find. Once it is full, each walk may stop at the first entry that is older than all of it.</summary>
internal sealed class NewestCandidates(int limit)
{
    private readonly SortedSet<Candidate> _found = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyCollection<Candidate> Found => _found;

    /// <summary>The oldest time that can still get in.</summary>
    public long Floor => _found.Count < limit ? long.MinValue : _found.Max.CreatedAt;

    /// <summary>False when it is full of better ones: nothing older has a chance either.</summary>
    public bool Wants(Candidate candidate) => _found.Count < limit || candidate < _found.Max;

    public void Add(Candidate candidate)
    {
        if (_found.Add(candidate) && _found.Count > limit)
        {
            _ = _found.Remove(_found.Max);
        }
    }
}
