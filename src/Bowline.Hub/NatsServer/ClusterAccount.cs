using Bowline.Hub.Links;
using Bowline.Nats;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.NatsServer;

/// <summary>
/// The links' account of an operator's own cluster, seen from its system account: puts revoked users into the account's token.
/// The token is not ours: it is looked up, changed in this one list, and pushed; what somebody else pushes meanwhile is the new base.
/// </summary>
/// <param name="options">Where the cluster is, and the keys.</param>
/// <param name="account">The links' account (A...).</param>
/// <param name="user">The hub's own user in that account.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Where the connection's log goes.</param>
internal sealed class ClusterAccount(HubNatsOptions options, string account, Func<NatsCreds> user, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>One round is the rule, two when somebody else pushes in the same moment.</summary>
    private const int MaxRounds = 5;

    private readonly ClusterFiles _files = new(options);
    private NKeyPair? _signer;
    private NatsConnection? _connection;
    private IReadOnlySet<string> _trusted = new HashSet<string>(StringComparer.Ordinal);
    private string? _foreign;
    private string? _lastPushed;

    /// <summary>True while a revocation can be pushed.</summary>
    public bool IsOpen => _connection?.ConnectionState == NatsConnectionState.Open;

    /// <summary>Connects and makes sure that a push would be taken, so that a mistake stops the start.</summary>
    /// <param name="changed">Told when the server may have lost the list: after a reconnect, and when somebody else pushed a token.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HubException">The files or the cluster cannot be used for it.</exception>
    public async Task StartAsync(Action changed, CancellationToken cancellationToken)
    {
        _signer = _files.SigningKey();
        _connection = new NatsConnection(NatsDial.Options(options.Url, _files.SystemCreds()) with
        {
            Echo = false, // The watch is for what others push.
            TimeProvider = time,
            LoggerFactory = loggers,
            AuthOpts = new NatsAuthOpts { AuthCredCallback = Credentials },
        });
        try
        {
            await _connection.ConnectAsync(cancellationToken);
        }
        catch (NatsException e)
        {
            throw new HubException(HubError.NatsUnreachable, $"--nats-system-creds: {options.Url} does not take {options.SystemCredsFile}: {e.Message}", e);
        }

        await CheckAsync(cancellationToken);
        foreach (var subject in AccountWatch.Subjects(account))
        {
            await _connection.AddSubAsync(new AccountWatch(subject, token => Seen(token, changed)), cancellationToken);
        }

        _connection.ConnectionOpened += (_, _) =>
        {
            changed();
            return default;
        };
        changed();
    }

    /// <summary>Makes the cluster refuse these users.</summary>
    /// <exception cref="NatsException">It did not take the list.</exception>
    public async Task SendAsync(RevokedUsers users, CancellationToken cancellationToken)
    {
        if (users.Live.Count == 0 && users.Ended.Count == 0)
        {
            return;
        }

        for (var round = 0; round < MaxRounds; round++)
        {
            var foreign = Interlocked.Exchange(ref _foreign, null);
            var current = await LookupAsync(cancellationToken);

            // Ours landed on top of one that came after our look: that one is the base, with our list added again.
            var start = foreign is not null && current == _lastPushed ? foreign : current;
            await RequireTrustAsync(start, cancellationToken);
            var merged = ClaimsApi.Decode(start, t => AccountRevocations.Merge(t, users.Live, users.Ended, _signer!, time));
            if (merged is null && start == current)
            {
                return; // The server says what it should.
            }

            _lastPushed = merged ?? start;
            await ClaimsApi.UpdateAsync(_connection!, account, _lastPushed, cancellationToken);
        }

        throw new NatsException($"The token of account {account} was changed {MaxRounds} times while revoked users were put into it.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _signer?.Dispose();
    }

    private ValueTask<NatsAuthCred> Credentials(Uri uri, CancellationToken cancellationToken) => ValueTask.FromResult(NatsAuthCred.FromCreds(_files.SystemCreds()));

    private async Task<string> LookupAsync(CancellationToken cancellationToken)
    {
        if (await ClaimsApi.LookupAsync(_connection!, account, cancellationToken) is { } token)
        {
            return token;
        }

        // A server without a store knows an account, and takes news of it, only after one of its users was there.
        await using (await NatsDial.ConnectAsync(options.Url, user(), cancellationToken))
        {
            return await ClaimsApi.LookupAsync(_connection!, account, cancellationToken) ?? throw new NatsException($"The NATS server does not tell the token of account {account}.");
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            _trusted = await ClaimsApi.TrustedKeysAsync(_connection!, cancellationToken);
            var token = await LookupAsync(cancellationToken);

            // Servers that trust bare keys name no operator; then the key that signed the account is the one that is believed.
            var known = _trusted.Count > 0 ? _trusted : new HashSet<string>(StringComparer.Ordinal) { ClaimsApi.Decode(token, NatsJwt.DecodeAccount).Issuer! };
            _trusted = known;
        }
        catch (NatsNoRespondersException e)
        {
            throw new HubException(HubError.OptionsInvalid, $"--nats-system-creds: {options.SystemCredsFile} is a user of another account than the system account of {options.Url}: nobody answers what only that account may ask.", e);
        }
        catch (NatsException e)
        {
            throw new HubException(HubError.NatsUnreachable, $"--nats-system-creds: {options.Url} cannot be asked for the links' account: {e.Message}", e);
        }

        if (!_trusted.Contains(_signer!.PublicKey))
        {
            // A full resolver would store a token signed by it, and then refuse every link.
            throw new HubException(HubError.OptionsInvalid, $"--nats-operator-signing-key: {options.OperatorSigningKeyFile} holds {_signer.PublicKey}, which is no signing key of the operator of {options.Url}.");
        }
    }

    /// <summary>A resolver stores what any operator signed; signing that again would make it believed.</summary>
    private async Task RequireTrustAsync(string token, CancellationToken cancellationToken)
    {
        var claims = ClaimsApi.Decode(token, NatsJwt.DecodeAccount);
        if (_trusted.Contains(claims.Issuer!) && claims.Subject == account)
        {
            return;
        }

        var now = await ClaimsApi.TrustedKeysAsync(_connection!, cancellationToken);
        _trusted = now.Count > 0 ? now : _trusted;
        if (!_trusted.Contains(claims.Issuer!) || claims.Subject != account)
        {
            throw new NatsException($"The token of account {account} is signed by {claims.Issuer}, which the cluster's operator does not trust.");
        }
    }

    private void Seen(string token, Action changed)
    {
        try
        {
            if (NatsJwt.DecodeAccount(token) is { } claims && claims.Subject == account && _trusted.Contains(claims.Issuer!))
            {
                Volatile.Write(ref _foreign, token);
                changed();
            }
        }
        catch (FormatException)
        {
            return; // No account token: the server refuses it as well.
        }
    }
}
