namespace Bowline.Tunnel;

/// <summary>
/// Which stream ids of one client were opened, so that a repeated OPEN can never start a request twice. Ids count upwards; two
/// connections may swap them a little, so the last 1024 are remembered one by one and everything older counts as seen. Pure.
/// </summary>
internal sealed class OpenHistory
{
    private const uint Depth = 1024;
    private readonly ulong[] _bits = new ulong[Depth / 64];
    private uint _highest;

    /// <summary>True the first time an id comes.</summary>
    public bool TryEnter(uint id)
    {
        if (id > _highest)
        {
            var from = id - _highest >= Depth ? id - Depth : _highest;
            for (var skipped = from + 1; skipped <= id && skipped != 0; skipped++)
            {
                _bits[skipped % Depth / 64] &= ~(1UL << (int)(skipped % 64));
            }

            _highest = id;
        }
        else if (_highest - id >= Depth)
        {
            return false;
        }

        ref var word = ref _bits[id % Depth / 64];
        var bit = 1UL << (int)(id % 64);
        if ((word & bit) != 0)
        {
            return false;
        }

        word |= bit;
        return true;
    }
}
