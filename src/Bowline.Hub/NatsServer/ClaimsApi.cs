using System.Text.Json;
using Bowline.Nats;
using Bowline.Nats.Jwt;

namespace Bowline.Hub.NatsServer;

/// <summary>What a user of the system account can ask a server about account tokens.</summary>
internal static class ClaimsApi
{
    /// <summary>The keys whose signature on an account token the server believes.</summary>
    /// <exception cref="NatsException">Nobody answers: the user is not of the system account, or the answer makes no sense.</exception>
    public static async Task<IReadOnlySet<string>> TrustedKeysAsync(NatsConnection system, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(system, "$SYS.REQ.SERVER.PING.VARZ", "", cancellationToken);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        if (DataOf(answer).TryGetProperty("trusted_operators_jwt", out var tokens) && tokens.ValueKind == JsonValueKind.Array)
        {
            foreach (var token in tokens.EnumerateArray())
            {
                var claims = Decode(token.GetString() ?? "", NatsJwt.DecodeOperator);
                keys.Add(claims.Subject);
                keys.UnionWith(claims.Operator?.SigningKeys ?? []);
            }
        }

        return keys;
    }

    /// <summary>The account's token as the server has it now; null when it has loaded none.</summary>
    /// <exception cref="NatsException">The server cannot be asked.</exception>
    public static async Task<string?> LookupAsync(NatsConnection system, string account, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await system.RequestAsync<string>($"$SYS.REQ.ACCOUNT.{account}.CLAIMS.LOOKUP", cancellationToken);
            return reply.Data is { Length: > 0 } token ? token : null;
        }
        catch (NatsNoRespondersException)
        {
            // Only resolvers with a store answer that; what is loaded is in the server's account information.
            using var answer = await AskAsync(system, $"$SYS.REQ.ACCOUNT.{account}.INFO", "", cancellationToken);
            return answer.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("jwt", out var token)
                ? token.GetString()
                : null;
        }
    }

    /// <summary>Gives the server a new token of the account; both a full resolver and one in memory take it on this subject.</summary>
    /// <exception cref="NatsException">The server refused it.</exception>
    public static async Task UpdateAsync(NatsConnection system, string account, string token, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(system, $"$SYS.REQ.ACCOUNT.{account}.CLAIMS.UPDATE", token, cancellationToken);
        if (!answer.RootElement.TryGetProperty("data", out var data) || !data.TryGetProperty("code", out var code) || !code.TryGetInt32(out var value) || value != 200)
        {
            throw new NatsException($"The NATS server refused the new token of account {account}: {answer.RootElement.GetRawText()}");
        }
    }

    /// <summary>Reads a token that came from outside.</summary>
    /// <exception cref="NatsException">It is no such token.</exception>
    public static T Decode<T>(string token, Func<string, T> decode)
    {
        try
        {
            return decode(token);
        }
        catch (FormatException e)
        {
            throw new NatsException($"The NATS server answered with a token that cannot be read: {e.Message}", e);
        }
    }

    private static async Task<JsonDocument> AskAsync(NatsConnection system, string subject, string payload, CancellationToken cancellationToken)
    {
        var reply = await system.RequestAsync<string, string>(subject, payload, cancellationToken: cancellationToken);
        try
        {
            var document = JsonDocument.Parse(reply.Data ?? "");
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException("It is no object.");
        }
        catch (JsonException e)
        {
            throw new NatsException($"The NATS server's answer on {subject} cannot be read: {e.Message}", e);
        }
    }

    private static JsonElement DataOf(JsonDocument answer) =>
        answer.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            ? data
            : throw new NatsException($"The NATS server's answer holds no data: {answer.RootElement.GetRawText()}");
}
