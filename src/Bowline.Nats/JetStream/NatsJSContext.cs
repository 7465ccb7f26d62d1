using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bowline.Nats.JetStream;

/// <summary>JetStream over a connection: streams, consumers, publishing. Thread-safe.</summary>
/// <param name="connection">The connection, which stays its owner's.</param>
/// <param name="opts">How JetStream is spoken to; null for the defaults.</param>
public sealed partial class NatsJSContext(NatsConnection connection, NatsJSOpts? opts = null)
{
    /// <summary>The connection.</summary>
    public NatsConnection Connection { get; } = connection ?? throw new ArgumentNullException(nameof(connection));

    /// <summary>How JetStream is spoken to.</summary>
    public NatsJSOpts Opts { get; } = opts ?? NatsJSOpts.Default;

    /// <summary>What the account uses; answering at all means that JetStream is ready.</summary>
    /// <exception cref="NatsJSApiException">JetStream is not enabled for the account.</exception>
    public async ValueTask<AccountInfo> GetAccountInfoAsync(CancellationToken cancellationToken = default)
    {
        var answer = await CallAsync("INFO", [], cancellationToken).ConfigureAwait(false);
        return Read(answer, JetStreamJson.Default.AccountInfo);
    }

    internal static T Read<T>(JsonElement answer, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return answer.Deserialize(type) ?? throw new NatsJSException("JetStream answered null.");
        }
        catch (JsonException e)
        {
            throw new NatsJSException("JetStream answered in a shape this client does not know.", e);
        }
    }

    internal ValueTask<JsonElement> CallAsync<T>(string verb, T request, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        CallAsync(verb, JsonSerializer.SerializeToUtf8Bytes(request, type), cancellationToken);

    internal async ValueTask<JsonElement> CallAsync(string verb, byte[] body, CancellationToken cancellationToken)
    {
        var msg = await Connection.RequestAsync<byte[], byte[]>(
            $"{Opts.ApiPrefix}.{verb}", body, replyOpts: new NatsSubOpts { Timeout = Opts.RequestTimeout }, cancellationToken: cancellationToken).ConfigureAwait(false);
        JsonElement answer;
        try
        {
            answer = JsonSerializer.Deserialize(msg.Data ?? [], JetStreamJson.Default.JsonElement);
        }
        catch (JsonException e)
        {
            throw new NatsJSException("JetStream's answer is not JSON.", e);
        }

        if (answer.ValueKind != JsonValueKind.Object)
        {
            throw new NatsJSException("JetStream's answer is not a JSON object.");
        }

        return answer.TryGetProperty("error", out var error)
            ? throw NatsJSApiException.From(Read(error, JetStreamJson.Default.ApiError))
            : answer;
    }

    internal static void CheckEcho<T>(T asked, JsonTypeInfo<T> type, JsonElement answer)
    {
        if (!answer.TryGetProperty("config", out var given))
        {
            throw new NatsJSException("JetStream's answer holds no configuration.");
        }

        ConfigEcho.Check(JsonSerializer.SerializeToElement(asked, type), given);
    }
}
