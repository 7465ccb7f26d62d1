using System.Text.Json;
using System.Text.Json.Serialization;
using Bowline.Node.Enrolment;
using Bowline.Node.HubAccess;

namespace Bowline.Node;

/// <summary>Every JSON shape of the node, serialised without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(HubRecord))]
[JsonSerializable(typeof(DeviceClaims))]
[JsonSerializable(typeof(ChallengeRequest))]
[JsonSerializable(typeof(ChallengeResponse))]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(EnrolmentResponse))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(ProblemMessage))]
internal sealed partial class NodeJson : JsonSerializerContext;
