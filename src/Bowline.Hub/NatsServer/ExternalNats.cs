using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;

namespace Bowline.Hub.NatsServer;

/// <summary>An operator's own cluster. Revocations reach bridged connections at once and direct ones when their token ends.</summary>
internal sealed class ExternalNats : INatsBackend, IDisposable
{
    private readonly HubNatsOptions _options;

    /// <summary>Reads the files once, so that a mistake in them stops the start.</summary>
    /// <exception cref="HubException">A credentials file is unusable.</exception>
    public ExternalNats(HubNatsOptions options)
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
    }

    public Uri? Url => _options.Url;

    public string LinkAccount { get; }

    public NKeyPair LinkSigningKey { get; }

    public IReadOnlyList<Uri> PublishedUrls => [.. _options.PublishedUrls];

    public bool RevokesAtOnce => _options.PublishedUrls.Count == 0;

    public NatsCreds LinkCreds() => Read("--nats-link-creds", _options.LinkCredsFile);

    public NatsCreds HubCreds() => Read("--nats-hub-creds", _options.HubCredsFile);

    public Task PushRevocationsAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => LinkSigningKey.Dispose();

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
