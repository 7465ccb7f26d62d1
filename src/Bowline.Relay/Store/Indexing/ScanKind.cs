namespace Bowline.Relay.Indexing;

/// <summary>Which index a filter is answered from.</summary>
internal enum ScanKind
{
    /// <summary>The filter can match nothing: one of its lists is empty.</summary>
    Nothing,

    /// <summary>By id.</summary>
    Ids,

    /// <summary>By the words of a search.</summary>
    Search,

    /// <summary>By author and kind, newest first.</summary>
    AuthorKind,

    /// <summary>By author, newest first.</summary>
    Author,

    /// <summary>By tag, newest first.</summary>
    Tag,

    /// <summary>By kind, newest first.</summary>
    Kind,

    /// <summary>By time, newest first.</summary>
    Time,
}
