using System.Diagnostics.CodeAnalysis;

namespace Bowline.WebRtc.Tests.Telemetry;

/// <summary>The meter is the process's: its tests run when no other connection lives.</summary>
[CollectionDefinition(nameof(MeterAlone), DisableParallelization = true)]
[SuppressMessage("Design", "CA1515", Justification = "xunit takes public definitions only.")]
public sealed class MeterAlone;
