using Bowline.Cli.Hosting;
using Bowline.Cli.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bowline.Cli.Tests;

/// <summary>What runs in the foreground is stopped once, by who waits for it.</summary>
public sealed class ForegroundTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_is_stopped_once_whoever_asks(bool byItself)
    {
        using var interrupts = new Interrupts();
        var cli = new CliContext(Terminal.OfProcess(), TimeProvider.System, Path.GetTempPath(), interrupts);
        var stops = new StopCounter();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostedService>(stops);
        using var host = builder.Build();
        await host.StartAsync(Ct);
        var asked = Foreground.StopAskedAsync(host.Services);
        if (byItself)
        {
            host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            await asked.WaitAsync(TimeSpan.FromSeconds(10), Ct);
            Assert.Equal(0, stops.Count);
        }

        await Foreground.StopAsync(host, cli);
        await asked.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        Assert.Equal(1, stops.Count);
    }

    private sealed class StopCounter : IHostedService
    {
        public int Count { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            Count++;
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken); // Long enough for a second stop to begin.
        }
    }
}
