using System.CommandLine;
using System.Net;
using Bowline.Cli.Infrastructure;
using Bowline.Hub;

namespace Bowline.Cli.Hosting;

/// <summary>The options with which a hub is started, by <c>hub</c> and by <c>up</c>.</summary>
internal sealed class HubSettings
{
    private readonly Option<IPEndPoint> _listen = new("--listen")
    {
        Description = "Address and port of console and API. Default: 127.0.0.1:7700.",
        HelpName = "ADDRESS:PORT",
        CustomParser = result => CliOptions.ParseListen(result.Tokens[0].Value, result.AddError),
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 7700),
    };

    private readonly Option<int?> _contentPort = new("--content-port") { Description = "Port of exposed content, an origin of its own. Default: the port after --listen's.", HelpName = "PORT", CustomParser = CliOptions.Number("--content-port", 0, 65535) };
    private readonly Option<string?> _name = new("--hub-name") { Description = "The hub's name for people. Default: the machine's.", HelpName = "NAME" };
    private readonly Option<string> _natsServer = new("--nats-server") { Description = "The nats-server program.", HelpName = "FILE", DefaultValueFactory = _ => "nats-server" };
    private readonly Option<Uri?> _publicUrl = new("--public-url") { Description = "The address people and nodes use, when the hub stands behind a reverse proxy.", HelpName = "URL", CustomParser = r => CliOptions.ParseHttp(r.Tokens[0].Value, r.AddError) };
    private readonly Option<Uri?> _publicContentUrl = new("--public-content-url") { Description = "The public address of exposed content.", HelpName = "URL", CustomParser = r => CliOptions.ParseHttp(r.Tokens[0].Value, r.AddError) };
    private readonly Option<string?> _wildcard = new("--wildcard-domain") { Description = "Serve exposed content at <service>--<node>.DOMAIN.", HelpName = "DOMAIN" };
    private readonly Option<string[]> _allowedHosts = new("--allowed-host") { Description = "One more name under which this hub may be called.", HelpName = "NAME" };
    private readonly Option<string[]> _proxies = new("--trusted-proxy") { Description = "A proxy whose X-Forwarded-* headers are believed.", HelpName = "ADDRESS" };
    private readonly Option<string?> _certificate = new("--cert") { Description = "A PEM certificate (chain); with it the hub speaks HTTPS.", HelpName = "FILE" };
    private readonly Option<string?> _certificateKey = new("--cert-key") { Description = "The PEM key of --cert.", HelpName = "FILE" };
    private readonly Option<int?> _sessionLife = new("--session-life")
    {
        Description = "Seconds a link session lives before its node renews it: the longest a revoked node can act where its connection cannot be cut. 6 to 86400, by default 900.",
        HelpName = "SECONDS",
        CustomParser = CliOptions.Number("--session-life", (int)HubOptions.ShortestLinkSessionLife.TotalSeconds, (int)HubOptions.LongestLinkSessionLife.TotalSeconds),
    };
    private readonly Option<Uri?> _nats = new("--nats") { Description = "An existing NATS cluster instead of the embedded server.", HelpName = "NATS_URL", CustomParser = r => ParseNats(r.Tokens[0].Value, r.AddError) };
    private readonly Option<string?> _hubCreds = new("--nats-hub-creds") { Description = "Credentials of the hub's account (with JetStream).", HelpName = "FILE" };
    private readonly Option<string?> _linkCreds = new("--nats-link-creds") { Description = "Credentials of the links' account (without JetStream).", HelpName = "FILE" };
    private readonly Option<string?> _linkKey = new("--nats-link-signing-key") { Description = "Seed of a signing key of the links' account.", HelpName = "FILE" };
    private readonly Option<string?> _systemCreds = new("--nats-system-creds") { Description = "Credentials of the cluster's system account, to cut revoked nodes off --nats-public-url at once.", HelpName = "FILE" };
    private readonly Option<string?> _operatorKey = new("--nats-operator-signing-key") { Description = "Seed of a signing key of the cluster's operator, for --nats-system-creds.", HelpName = "FILE" };
    private readonly Option<Uri[]> _natsPublic = new("--nats-public-url") { Description = "An address of --nats that nodes may use directly, besides the hub's own.", HelpName = "NATS_URL", CustomParser = r => [.. r.Tokens.Select(token => ParseNats(token.Value, r.AddError)).OfType<Uri>()] };

    private readonly Option<bool> _noRelay = new("--no-relay") { Description = "Run without the hub's Nostr relay at /relay." };

    /// <summary>Adds the few options that <c>up</c> has.</summary>
    public HubSettings AddLocalTo(Command command)
    {
        command.Add(_listen);
        command.Add(_contentPort);
        command.Add(_name);
        command.Add(_natsServer);
        command.Add(_noRelay);
        return this;
    }

    /// <summary>Adds all of them.</summary>
    public HubSettings AddAllTo(Command command)
    {
        AddLocalTo(command);
        foreach (var option in new Option[] { _publicUrl, _publicContentUrl, _wildcard, _allowedHosts, _proxies, _certificate, _certificateKey, _sessionLife, _nats, _hubCreds, _linkCreds, _linkKey, _systemCreds, _operatorKey, _natsPublic })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_nats) is not null && (result.GetValue(_hubCreds) is null || result.GetValue(_linkCreds) is null || result.GetValue(_linkKey) is null))
            {
                result.AddError("--nats needs --nats-hub-creds, --nats-link-creds and --nats-link-signing-key.");
            }

            if ((result.GetResult(_systemCreds) is null) != (result.GetResult(_operatorKey) is null))
            {
                result.AddError("--nats-system-creds and --nats-operator-signing-key are given together.");
            }

            if (result.GetResult(_nats) is null && new Option[] { _hubCreds, _linkCreds, _linkKey, _systemCreds, _operatorKey, _natsPublic }.FirstOrDefault(option => result.GetResult(option) is not null) is { } alone)
            {
                result.AddError($"{alone.Name} is given with --nats: the embedded server makes its own.");
            }
        });
        return this;
    }

    /// <summary>The options as given on the command line.</summary>
    public HubOptions Read(ParseResult parsed, CliContext cli)
    {
        var listen = parsed.GetRequiredValue(_listen);
        var options = new HubOptions
        {
            DataFolder = cli.HubFolder,
            Listen = listen,
            ContentPort = parsed.GetValue(_contentPort) ?? (listen.Port is 0 or 65535 ? 0 : listen.Port + 1),
            NatsServer = parsed.GetRequiredValue(_natsServer),
            PublicUrl = parsed.GetValue(_publicUrl),
            PublicContentUrl = parsed.GetValue(_publicContentUrl),
            WildcardDomain = parsed.GetValue(_wildcard),
            CertificateFile = parsed.GetValue(_certificate),
            CertificateKeyFile = parsed.GetValue(_certificateKey),
            Relay = !parsed.GetValue(_noRelay),
        };
        options.Name = parsed.GetValue(_name) ?? options.Name;
        options.LinkSessionLife = parsed.GetValue(_sessionLife) is { } seconds ? TimeSpan.FromSeconds(seconds) : options.LinkSessionLife;
        foreach (var host in parsed.GetValue(_allowedHosts) ?? [])
        {
            options.AllowedHosts.Add(host);
        }

        foreach (var proxy in parsed.GetValue(_proxies) ?? [])
        {
            options.TrustedProxies.Add(IPAddress.TryParse(proxy, out var address)
                ? address
                : throw new CliException(ExitCode.Usage, "The command line was not understood.", $"--trusted-proxy: '{proxy}' is no IP address.", "bowline hub --help"));
        }

        if (parsed.GetValue(_nats) is { } nats)
        {
            options.Nats = new HubNatsOptions
            {
                Url = nats,
                HubCredsFile = parsed.GetValue(_hubCreds)!,
                LinkCredsFile = parsed.GetValue(_linkCreds)!,
                LinkSigningKeyFile = parsed.GetValue(_linkKey)!,
                SystemCredsFile = parsed.GetValue(_systemCreds),
                OperatorSigningKeyFile = parsed.GetValue(_operatorKey),
            };
            foreach (var published in parsed.GetValue(_natsPublic) ?? [])
            {
                options.Nats.PublishedUrls.Add(published);
            }
        }

        return options;
    }

    private static Uri? ParseNats(string text, Action<string> error)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "nats" or "tls" or "ws" or "wss")
        {
            return uri;
        }

        error($"'{text}' is no nats:// or tls:// address.");
        return null;
    }
}
