using System.Globalization;

namespace Bowline.Node.Services;

/// <summary>The command that exposes a service.</summary>
/// <param name="ProcessId">Its process, as it said; 0 when it did not.</param>
/// <param name="Since">Since when.</param>
internal sealed record ServiceOwner(int ProcessId, DateTimeOffset Since)
{
    public override string ToString()
    {
        var process = ProcessId > 0 ? string.Create(CultureInfo.InvariantCulture, $"process {ProcessId}") : "a process";
        return string.Create(CultureInfo.InvariantCulture, $"another bowline expose ({process}, since {Since.ToLocalTime():yyyy-MM-dd HH:mm:ss})");
    }
}
