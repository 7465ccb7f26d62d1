using System.Text.Json;
using System.Text.Json.Serialization;
using Bowline.Hub.Accounts;
using Bowline.Hub.Audit;
using Bowline.Hub.Devices;
using Bowline.Hub.Health;
using Bowline.Hub.Links;
using Bowline.Hub.Presence;
using Bowline.Hub.Problems;

namespace Bowline.Hub;

/// <summary>Every JSON shape of the hub's API, serialised without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LoginLinkRequest))]
[JsonSerializable(typeof(LoginLinkResponse))]
[JsonSerializable(typeof(AccountResponse))]
[JsonSerializable(typeof(ApiTokenRequest))]
[JsonSerializable(typeof(ApiTokenResponse))]
[JsonSerializable(typeof(ApiToken))]
[JsonSerializable(typeof(IReadOnlyList<ApiToken>))]
[JsonSerializable(typeof(IReadOnlyList<SessionInfo>))]
[JsonSerializable(typeof(IReadOnlyList<AuditEntry>))]
[JsonSerializable(typeof(InviteResponse))]
[JsonSerializable(typeof(ChallengeRequest))]
[JsonSerializable(typeof(ChallengeResponse))]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(EnrolmentResponse))]
[JsonSerializable(typeof(RevocationResponse))]
[JsonSerializable(typeof(LinkSessionRequest))]
[JsonSerializable(typeof(LinkSessionResponse))]
[JsonSerializable(typeof(LinkResponse))]
[JsonSerializable(typeof(LinkResponse[]))]
[JsonSerializable(typeof(PingResponse))]
[JsonSerializable(typeof(LinkRemoved))]
[JsonSerializable(typeof(LinkSnapshot))]
[JsonSerializable(typeof(LinkBeat))]
internal sealed partial class HubJson : JsonSerializerContext;
