using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>The ways to reach the target app that are compared.</summary>
internal sealed class HttpSides(Lab lab)
{
    public IReadOnlyList<HttpSideSource> All =>
    [
        new(Sides.Direct, DirectAsync),
        new(Sides.Ssh, SshAsync),
    ];

    private async Task<HttpSide> DirectAsync(CancellationToken cancellationToken)
    {
        var target = await lab.Http.GetAsync(cancellationToken);
        return new HttpSide(Sides.Direct, HttpSide.Sockets(), target.Url, target.Process, []);
    }

    private async Task<HttpSide> SshAsync(CancellationToken cancellationToken)
    {
        var target = await lab.Http.GetAsync(cancellationToken);
        var ssh = await lab.Ssh.GetAsync(cancellationToken);
        return new HttpSide(Sides.Ssh, HttpSide.Sockets(), ssh.Url, target.Process, ssh.Processes);
    }
}
