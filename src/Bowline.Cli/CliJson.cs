using System.Text.Json;
using System.Text.Json.Serialization;
using Bowline.Cli.Commands;
using Bowline.Cli.Doctor;
using Bowline.Cli.Events;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Keys;
using Bowline.Cli.Relays;
using Bowline.Cli.Status;
using Bowline.Cli.Up;
using Bowline.Node.Control;

namespace Bowline.Cli;

/// <summary>Every JSON shape of the CLI, serialised without reflection: what it reads from the hub and what it prints.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(InviteMessage))]
[JsonSerializable(typeof(LoginLinkMessage))]
[JsonSerializable(typeof(LinkMessage))]
[JsonSerializable(typeof(IReadOnlyList<LinkMessage>))]
[JsonSerializable(typeof(PingMessage))]
[JsonSerializable(typeof(RevocationMessage))]
[JsonSerializable(typeof(RevokedMessage))]
[JsonSerializable(typeof(DisconnectedMessage))]
[JsonSerializable(typeof(HubHealthMessage))]
[JsonSerializable(typeof(ProblemMessage))]
[JsonSerializable(typeof(ExposeLine))]
[JsonSerializable(typeof(StatusMessage))]
[JsonSerializable(typeof(UpMessage))]
[JsonSerializable(typeof(IReadOnlyList<DoctorFinding>))]
[JsonSerializable(typeof(RelayMessage))]
[JsonSerializable(typeof(KeyMessage))]
[JsonSerializable(typeof(EventVerdict))]
[JsonSerializable(typeof(PublishMessage))]
internal sealed partial class CliJson : JsonSerializerContext;
