using Spectre.Console;

namespace Bowline.Cli.Infrastructure;

/// <summary>stdout for data, stderr for talk; colour and motion only where a person watches.</summary>
internal sealed class Terminal
{
    private static readonly bool NoColor = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
    private readonly Lazy<IAnsiConsole> _rich;

    public Terminal(TextWriter output, TextWriter error, TextReader input, bool outputIsTerminal, bool errorIsTerminal, bool inputIsTerminal)
    {
        Out = output;
        Error = error;
        In = input;
        OutputIsTerminal = outputIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
        InputIsTerminal = inputIsTerminal;
        _rich = new Lazy<IAnsiConsole>(() => AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = outputIsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = outputIsTerminal && !NoColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = outputIsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        }));
    }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    public TextReader In { get; }

    public bool OutputIsTerminal { get; }

    public bool ErrorIsTerminal { get; }

    public bool InputIsTerminal { get; }

    /// <summary>A live view owns the screen: whatever else is said goes through <see cref="Rich"/>, which keeps the two apart.</summary>
    public bool IsLive { get; set; }

    /// <summary>Tables and live views, for a person.</summary>
    public IAnsiConsole Rich => _rich.Value;

    public static Terminal OfProcess() => new(
        Console.Out,
        Console.Error,
        Console.In,
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        !Console.IsInputRedirected);

    /// <summary>A line of data.</summary>
    public void Data(string line) => Out.WriteLine(line);

    /// <summary>A line of talk.</summary>
    public void Say(string line) => Error.WriteLine(line);

    /// <summary>What failed, why, and what to run next.</summary>
    public void Fail(string what, string why, string? next)
    {
        Error.WriteLine(Paint($"error: {what}", "31"));
        if (why.Length > 0)
        {
            Error.WriteLine($"  why:  {why}");
        }

        if (next is not null)
        {
            Error.WriteLine($"  next: {next}");
        }
    }

    private string Paint(string text, string colour) => ErrorIsTerminal && !NoColor ? $"\u001b[{colour}m{text}\u001b[0m" : text;
}
