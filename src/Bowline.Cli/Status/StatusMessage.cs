using System.Text.Json.Serialization;
using Bowline.Cli.HubAccess;
using Bowline.Node.Control;

namespace Bowline.Cli.Status;

/// <summary>What <c>bowline status --json</c> prints.</summary>
/// <param name="Node">The node that runs on this machine; absent when none does.</param>
/// <param name="Hub">The hub that was asked.</param>
/// <param name="Links">The hub's nodes; absent when the hub could not be asked or no token was given.</param>
internal sealed record StatusMessage(NodeStatus? Node, HubStatusMessage Hub, IReadOnlyList<LinkMessage>? Links)
{
    /// <summary>0 when all is well, 3 when neither node nor hub runs, 1 when an error stands.</summary>
    [JsonIgnore]
    public int ExitCode => Node is null && !Hub.Reachable
        ? Infrastructure.ExitCode.Unreachable
        : (Node is not null && Node.Link.State != "online") || Node?.Health.Any(warning => warning.Severity == Core.Health.HealthSeverity.Error) == true || Hub.Health == "failing"
            ? Infrastructure.ExitCode.Failed
            : Infrastructure.ExitCode.Ok;

    /// <summary>The same without what differs at each look, to see whether anything changed.</summary>
    public StatusMessage WithoutMeasurements() => this with
    {
        Links = Links?.Select(link => link with { Evidence = null }).ToList(),
    };
}

/// <summary>The hub as seen from here.</summary>
internal sealed record HubStatusMessage(string Url, bool Reachable, string? Health, IReadOnlyList<HubWarningMessage>? Warnings, string? Error);
