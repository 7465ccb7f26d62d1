using Bowline.Node.Services;

namespace Bowline.Node.Control;

/// <summary>What the control API can ask of the running node.</summary>
internal interface INodeControl
{
    public NodeStatus Status { get; }

    public ServiceRegistry Services { get; }

    /// <summary>Tells the hub to forget this device, forgets the hub and ends the process.</summary>
    public Task<LeaveResult> LeaveAsync(bool evenIfUnreachable, CancellationToken cancellationToken);

    /// <summary>Ends the process.</summary>
    public void Stop();
}
