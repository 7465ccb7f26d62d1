using System.CommandLine;
using System.Net;
using Bowline.Cli.Infrastructure;
using Bowline.Nostr;
using Bowline.Relay;

namespace Bowline.Cli.Relays;

/// <summary>The options of <c>bowline relay</c>.</summary>
internal sealed class RelaySettings
{
    private readonly Option<IPEndPoint> _listen = new("--listen")
    {
        Description = "Address and port. Default: 127.0.0.1:7777.",
        HelpName = "ADDRESS:PORT",
        CustomParser = result => CliOptions.ParseListen(result.Tokens[0].Value, result.AddError),
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 7777),
    };

    private readonly Option<StoreAddress?> _db = new("--db")
    {
        Description = "Where events are kept: a SQLite file, or postgres://user@host/database. Default: relay/relay.db in the data folder.",
        HelpName = "FILE|ADDRESS",
        CustomParser = result => StoreAddress.Parse(result.Tokens[0].Value, result.AddError),
    };

    private readonly Option<string[]> _allow = new("--allow") { Description = "A key that may write (npub or hex); with it, others may not. May be repeated.", HelpName = "KEY" };
    private readonly Option<string[]> _allowRead = new("--allow-read") { Description = "A key that may read, once authenticated; with it, others may not. May be repeated.", HelpName = "KEY" };
    private readonly Option<bool> _auth = new("--auth") { Description = "Nothing is written or read without authentication (NIP-42)." };
    private readonly Option<int> _difficulty = new("--pow") { Description = "Proof of work that events need (NIP-13), bits. Default: 0.", HelpName = "BITS" };
    private readonly Option<string?> _name = new("--relay-name") { Description = "The relay's name for people.", HelpName = "NAME" };
    private readonly Option<string[]> _publicUrls = new("--public-url") { Description = "An address clients know the relay under, ws:// or wss://. May be repeated.", HelpName = "URL" };
    private readonly Option<string[]> _proxies = new("--trusted-proxy") { Description = "A proxy whose X-Forwarded-For is believed.", HelpName = "ADDRESS" };

    private readonly Option<bool> _search = new("--search") { Description = "Search in events (NIP-50) also in a SQLite file, at about half as much again of the work for each event. PostgreSQL always searches." };

    private readonly Option<int> _eventsPerSecond = new("--events-per-second")
    {
        Description = "Events taken of one connection, per second on average; five times as many at once, and of one address four times as many. 0: no limit. Default: 100.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    private readonly Option<int> _requestsPerSecond = new("--requests-per-second")
    {
        Description = "REQs and COUNTs answered on one connection, per second on average; five times as many at once, and of one address four times as many. 0: no limit. Default: 50.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };

    private readonly Option<int> _connectionsPerAddress = new("--connections-per-address")
    {
        Description = "Connections open from one address (IPv6: one /64) at a time. Default: 128.",
        HelpName = "N",
        DefaultValueFactory = _ => 128,
    };

    public RelaySettings AddTo(Command command)
    {
        foreach (var option in new Option[] { _listen, _db, _allow, _allowRead, _auth, _difficulty, _name, _publicUrls, _proxies, _search, _eventsPerSecond, _requestsPerSecond, _connectionsPerAddress })
        {
            command.Add(option);
        }

        return this;
    }

    public IPEndPoint Listen(ParseResult parsed) => parsed.GetRequiredValue(_listen);

    public StoreAddress Store(ParseResult parsed, CliContext cli) => parsed.GetValue(_db) ?? StoreAddress.File(Path.Combine(cli.Home, "relay", "relay.db"));

    public bool Search(ParseResult parsed) => parsed.GetValue(_search);

    /// <exception cref="CliException">A value means nothing.</exception>
    public void Configure(ParseResult parsed, CliContext cli, RelayOptions options)
    {
        options.Name = parsed.GetValue(_name) ?? options.Name;
        options.KeyFile = Path.Combine(cli.Home, "relay", "relay.key");
        options.MinimumDifficulty = parsed.GetValue(_difficulty);
        var events = PerConnection(parsed, _eventsPerSecond);
        var requests = PerConnection(parsed, _requestsPerSecond);
        options.Limits = options.Limits with
        {
            EventsPerConnection = events,
            EventsPerAddress = PerAddress(events),
            RequestsPerConnection = requests,
            RequestsPerAddress = PerAddress(requests),
            ConnectionsPerAddress = parsed.GetRequiredValue(_connectionsPerAddress),
        };
        options.Access = new()
        {
            Writers = Keys(parsed, _allow),
            Readers = Keys(parsed, _allowRead),
            AuthenticationRequired = parsed.GetValue(_auth),
        };
        foreach (var url in parsed.GetValue(_publicUrls) ?? [])
        {
            options.PublicUrls.Add(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "ws" or "wss" ? uri : throw Refuse(_publicUrls, $"'{url}' is no ws:// or wss:// address."));
        }

        foreach (var proxy in parsed.GetValue(_proxies) ?? [])
        {
            options.TrustedProxies.Add(IPAddress.TryParse(proxy, out var address)
                ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
                : IPNetwork.TryParse(proxy, out var network) ? network : throw Refuse(_proxies, $"'{proxy}' is no IP address and no network."));
        }

        try
        {
            options.Validate();
        }
        catch (ArgumentException failure)
        {
            throw new CliException(ExitCode.Usage, "The command line was not understood.", failure.Message, "bowline relay --help", failure);
        }
    }

    private static RelayRate? PerConnection(ParseResult parsed, Option<int> option) => parsed.GetRequiredValue(option) switch
    {
        0 => null,
        var n and > 0 and <= 250_000 => new(n, 5 * n), // Four times that is the most a limit may be.
        var n => throw Refuse(option, $"{n} is not between 0 and 250,000."),
    };

    private static RelayRate? PerAddress(RelayRate? one) => one is { } rate ? new(4 * rate.PerSecond, 4 * rate.Burst) : null;

    private static HashSet<NostrPublicKey>? Keys(ParseResult parsed, Option<string[]> option) =>
        parsed.GetValue(option) is { Length: > 0 } texts ? [.. PublicKeys.ParseAll(texts, problem => throw Refuse(option, problem))] : null;

    private static CliException Refuse(Option option, string problem) =>
        new(ExitCode.Usage, "The command line was not understood.", $"{option.Name}: {problem}", "bowline relay --help");
}
