namespace Bowline.Bench.Load.Serving;

/// <summary>How a helper process and the harness talk: one line when ready, end of stdin when no longer wanted.</summary>
internal static class Ready
{
    private const string Prefix = "ready ";

    public static Task SayAsync(string address) => Console.Out.WriteLineAsync(Prefix + address);

    public static string? Parse(string line)
        => line.StartsWith(Prefix, StringComparison.Ordinal) ? line[Prefix.Length..] : null;

    public static async Task UntilStdinEndsAsync()
    {
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null);
    }
}
