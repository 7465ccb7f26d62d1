using Bowline.Core.Health;
using Bowline.Hub.NatsServer;
using Microsoft.Extensions.Hosting;

namespace Bowline.Hub.Devices;

/// <summary>Says from the start on, where hubs say such things, that a revocation here is not effective at once.</summary>
internal sealed class RevocationNotice(INatsBackend nats, RevocationTerm term, HealthTracker health) : IHostedService
{
    internal static readonly HealthCode Delayed = new("revocation-delayed", "Revoking is not immediate", HealthSeverity.Info, TimeSpan.Zero);

    /// <summary>Runs after NATS has started: with the keys given, it has used them or did not start.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (term.IsDelayed)
        {
            health.Raise(
                Delayed,
                $"Nodes may use {string.Join(" and ", nats.PublishedUrls.Select(url => url.GetLeftPart(UriPartial.Authority)))} directly; there a revocation is {term.Words}.",
                "bowline hub --nats-system-creds FILE --nats-operator-signing-key FILE   (with the other options; then it is at once)");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
