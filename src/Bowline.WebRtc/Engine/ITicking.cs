namespace Bowline.WebRtc;

/// <summary>What the engine's tick drives.</summary>
internal interface ITicking
{
    /// <summary>Called often, on the tick's thread; it does not block and does not throw.</summary>
    /// <param name="wasFrozen">The process has not run for a while: others may have given it up.</param>
    void Tick(bool wasFrozen);

    /// <summary>The tick threw all the same: this one is over, the others go on.</summary>
    /// <param name="fault">What it threw.</param>
    void Fault(Exception fault);
}
