using System.Globalization;
using System.Text;
using Bowline.Nats.Jwt;

namespace Bowline.Hub.NatsServer;

/// <summary>Writes the embedded server's configuration: operator mode, accounts preloaded, loopback TCP only.</summary>
internal static class NatsServerConfig
{
    /// <summary>Messages are small frames; a megabyte leaves room for run chunks.</summary>
    private const string MaxPayload = "1MB";

    /// <param name="folder">Where the server lives.</param>
    /// <param name="keys">Whose accounts to preload.</param>
    /// <param name="port">The port to listen on, -1 for a free one; a restarted server takes its old one, so clients find it again.</param>
    /// <param name="revocations">User keys of the link account to refuse, with the unix second up to which.</param>
    /// <param name="time">The clock of the tokens' issue time.</param>
    public static string Build(NatsServerFolder folder, NatsKeyRing keys, int port, IReadOnlyDictionary<string, long> revocations, TimeProvider time)
    {
        var operatorToken = NatsJwt.Encode(
            new OperatorClaims { Name = "bowline", Subject = keys.Operator.PublicKey, Operator = new OperatorData { SystemAccount = keys.System.PublicKey } },
            keys.Operator,
            time);
        return new StringBuilder()
            .AppendLine("# Written by the hub at every start; changes are lost.")
            .AppendLine("server_name: \"bowline-hub\"")
            .AppendLine(CultureInfo.InvariantCulture, $"listen: \"127.0.0.1:{port}\"")
            .AppendLine(CultureInfo.InvariantCulture, $"ports_file_dir: {Quote(folder.Run)}")
            .AppendLine(CultureInfo.InvariantCulture, $"pid_file: {Quote(folder.PidFile)}")
            .AppendLine(CultureInfo.InvariantCulture, $"max_payload: {MaxPayload}")
            .AppendLine("max_pending: 8MB")
            .AppendLine("max_control_line: 32KB # CONNECT carries the user's token")
            .AppendLine("write_deadline: \"2s\" # one stuck reader must not stall the publisher for the default 10 s")
            .AppendLine(CultureInfo.InvariantCulture, $"jetstream {{ store_dir: {Quote(folder.Streams)}, max_mem: 64MB, max_file: 8GB }}")
            .AppendLine(CultureInfo.InvariantCulture, $"operator: {operatorToken}")
            .AppendLine(CultureInfo.InvariantCulture, $"system_account: {keys.System.PublicKey}")
            .AppendLine("resolver: MEMORY")
            .AppendLine("resolver_preload: {")
            .AppendLine(CultureInfo.InvariantCulture, $"  {keys.System.PublicKey}: {Account("system", keys.System.PublicKey, new AccountData(), keys, time)}")
            .AppendLine(CultureInfo.InvariantCulture, $"  {keys.Hub.PublicKey}: {Account("hub", keys.Hub.PublicKey, HubAccount(), keys, time)}")
            .AppendLine(CultureInfo.InvariantCulture, $"  {keys.Link.PublicKey}: {LinkAccountToken(keys, revocations, time)}")
            .AppendLine("}")
            .ToString();
    }

    /// <summary>The link account's token: no JetStream, one signing key, and the revoked users.</summary>
    public static string LinkAccountToken(NatsKeyRing keys, IReadOnlyDictionary<string, long> revocations, TimeProvider time) => Account(
        "links",
        keys.Link.PublicKey,
        new AccountData
        {
            SigningKeys = [new AccountSigningKey(keys.LinkSigning.PublicKey)],
            Revocations = revocations.Count == 0 ? null : revocations,
        },
        keys,
        time);

    private static AccountData HubAccount() => new() { Limits = new AccountLimits { MemoryStorage = -1, DiskStorage = -1 } };

    private static string Account(string name, string key, AccountData data, NatsKeyRing keys, TimeProvider time) =>
        NatsJwt.Encode(new AccountClaims { Name = name, Subject = key, Account = data }, keys.Operator, time);

    private static string Quote(string path) => "\"" + path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
