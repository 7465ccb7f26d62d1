using Microsoft.Extensions.Hosting;

namespace Bowline.Cli.Hosting;

/// <summary>Leaves signals to the command, which stops node and hub in order; a host of its own would stop with the first signal.</summary>
internal sealed class PassiveLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
