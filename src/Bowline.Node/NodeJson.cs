using System.Text.Json;
using System.Text.Json.Serialization;
using Bowline.Node.Control;
using Bowline.Node.Demo;
using Bowline.Node.Endpoints;
using Bowline.Node.Enrolment;
using Bowline.Node.HubAccess;
using Bowline.Node.Link;
using Bowline.Node.Services;

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
[JsonSerializable(typeof(HereMessage))]
[JsonSerializable(typeof(DemoHello))]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(ExposeRequest))]
[JsonSerializable(typeof(ExposeLine))]
[JsonSerializable(typeof(LeaveResult))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(IReadOnlyList<ServiceRecord>))]
internal sealed partial class NodeJson : JsonSerializerContext;
