using System.Globalization;

namespace Bowline.Testing.Fuzzing;

/// <summary>How long fuzz tests go on, and with which draws: <c>make test</c> is short and always the same, <c>make fuzz</c> is neither.</summary>
public static class FuzzRun
{
    /// <summary>The trait of fuzz tests, by which <c>make fuzz</c> finds them: <c>[Trait(FuzzRun.Kind, FuzzRun.Name)]</c>.</summary>
    public const string Kind = "kind";

    /// <summary>The value of the trait.</summary>
    public const string Name = "fuzz";

    private static readonly int Added = Number("BOWLINE_FUZZ_SEED") ?? 0;
    private static readonly int Times = Number("BOWLINE_FUZZ_TIMES") ?? 1;

    /// <summary>The draws of a test.</summary>
    /// <param name="usual">Its seed, to which BOWLINE_FUZZ_SEED is added.</param>
    /// <returns>A source of draws that are the same for the same seed.</returns>
    public static Random Random(int usual) => new(Seed(usual));

    /// <summary>The seed of a test.</summary>
    /// <param name="usual">Its own, to which BOWLINE_FUZZ_SEED is added, so that tests do not all draw the same.</param>
    /// <returns>The seed.</returns>
    public static int Seed(int usual) => unchecked(usual + Added);

    /// <summary>How many inputs a test tries.</summary>
    /// <param name="usual">The number in <c>make test</c>; BOWLINE_FUZZ_TIMES multiplies it.</param>
    /// <returns>The number.</returns>
    public static int Rounds(int usual) => checked(usual * Times);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
