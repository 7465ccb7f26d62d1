namespace Bowline.Tunnel;

/// <summary>Remembers which keyed requests were started, so that a repeated one is not started again.</summary>
public interface IIdempotencyKeys
{
    /// <summary>True the first time a key comes within <see cref="MemoryIdempotencyKeys.Memory"/>; false means "already started".</summary>
    public bool TryEnter(string key);
}
