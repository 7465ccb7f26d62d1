using System.Runtime.InteropServices;

namespace Bowline.Core.Time;

/// <summary>What one observation of the two clocks showed.</summary>
/// <param name="Kind">Whether and how the process was held.</param>
/// <param name="Gap">For how long it did not run, beyond the time that was expected to pass.</param>
/// <param name="Asleep">The part of the gap that the monotonic clock did not count; deadlines kept on it must move by this much.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Suspension(SuspensionKind Kind, TimeSpan Gap, TimeSpan Asleep);
