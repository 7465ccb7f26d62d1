using Bowline.Core.Health;
using Bowline.Hub.Links;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.NatsServer;

/// <summary>
/// An operator's own cluster. Revocations reach bridged connections at once; direct ones as well with the keys to the system account,
/// and when their token ends without.
/// </summary>
internal sealed class ExternalNats : INatsBackend, IHostedService, IAsyncDisposable
{
    private readonly HubNatsOptions _options;
    private readonly ClusterAccount? _cluster;
    private readonly RevocationPush _push;
    private int _disposed;

    /// <summary>Reads the files once, so that a mistake in them stops the start.</summary>
    /// <exception cref="HubException">A credentials file is unusable.</exception>
    public ExternalNats(HubNatsOptions options, LinkCredentialStore credentials, HealthTracker health, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        LinkAccount = AccountOf(LinkCreds());
        try
        {
            LinkSigningKey = NKeyPair.FromSeed(File.ReadAllText(options.LinkSigningKeyFile).Trim(), NKeyType.Account);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new HubException(HubError.OptionsInvalid, $"--nats-link-signing-key: {options.LinkSigningKeyFile} holds no account signing seed (SA...): {e.Message}", e);
        }

        _cluster = options.SystemCredsFile is null ? null : new ClusterAccount(options, LinkAccount, LinkCreds, time, loggers);
        _push = new RevocationPush(credentials, health, (users, cancellation) => _cluster?.SendAsync(users, cancellation) ?? Task.CompletedTask, time, loggers.CreateLogger<RevocationPush>());
    }

    public Uri? Url => _options.Url;

    public string LinkAccount { get; }

    public NKeyPair LinkSigningKey { get; }

    public IReadOnlyList<Uri> PublishedUrls => [.. _options.PublishedUrls];

    public bool RevokesAtOnce => _options.PublishedUrls.Count == 0 || _cluster is { IsOpen: true };

    public NatsCreds LinkCreds() => Read("--nats-link-creds", _options.LinkCredsFile);

    public NatsCreds HubCreds() => Read("--nats-hub-creds", _options.HubCredsFile);

    public Task PushRevocationsAsync(CancellationToken cancellationToken) => _push.PushAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => _cluster?.StartAsync(_push.Again, cancellationToken) ?? Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _push.DisposeAsync();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        LinkSigningKey.Dispose();
    }

    private static NatsCreds Read(string option, string file)
    {
        try
        {
            return NatsCreds.Parse(File.ReadAllText(file));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new HubException(HubError.OptionsInvalid, $"{option}: {file} is no credentials file: {e.Message}", e);
        }
    }

    private static string AccountOf(NatsCreds creds)
    {
        var claims = NatsJwt.DecodeUser(creds.Jwt);
        return claims.User?.IssuerAccount ?? claims.Issuer!;
    }
}
