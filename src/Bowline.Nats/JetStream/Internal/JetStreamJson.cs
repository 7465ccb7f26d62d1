using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>The generated serializers of the JetStream API.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamConfig))]
[JsonSerializable(typeof(StreamInfo))]
[JsonSerializable(typeof(ConsumerInfo))]
[JsonSerializable(typeof(AccountInfo))]
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(PubAckResponse))]
[JsonSerializable(typeof(PurgeRequest))]
[JsonSerializable(typeof(PurgeResponse))]
[JsonSerializable(typeof(CreateConsumerRequest))]
[JsonSerializable(typeof(PullRequest))]
[JsonSerializable(typeof(MsgGetRequest))]
[JsonSerializable(typeof(MsgGetResponse))]
[JsonSerializable(typeof(NakRequest))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class JetStreamJson : JsonSerializerContext;
