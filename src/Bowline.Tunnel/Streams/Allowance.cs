namespace Bowline.Tunnel;

/// <summary>So many in each second, none saved up: what one message may cost us, however it is made. Pure.</summary>
internal sealed class Allowance(int perSecond)
{
    private TimeSpan? _since;
    private int _left;

    public bool TryTake(TimeSpan now)
    {
        if (_since is not { } since || now - since >= TimeSpan.FromSeconds(1))
        {
            _since = now;
            _left = perSecond;
        }

        return _left > 0 && _left-- > 0;
    }
}
