namespace Bowline.Cli.Doctor;

/// <summary>The outcome of one check.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="State">How it stands.</param>
/// <param name="Text">What was found.</param>
/// <param name="Next">The command to run next, when there is something to do.</param>
internal sealed record DoctorFinding(string Check, DoctorState State, string Text, string? Next = null);

/// <summary>How a check went.</summary>
internal enum DoctorState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, or is not needed here; worth knowing.</summary>
    Warning,

    /// <summary>Something cannot work like this.</summary>
    Failed,
}
