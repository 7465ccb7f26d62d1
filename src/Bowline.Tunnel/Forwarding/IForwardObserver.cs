namespace Bowline.Tunnel;

/// <summary>Sees what a <see cref="ForwardHandler"/> does, for <c>bowline expose --inspect</c>.</summary>
public interface IForwardObserver
{
    /// <summary>One exchange is over. Called on the exchange's own thread; must not block. What it throws is logged and goes no further.</summary>
    public void OnForwarded(in ForwardRecord record);
}
