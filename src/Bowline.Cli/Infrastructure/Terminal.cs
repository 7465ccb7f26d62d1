using Spectre.Console;

namespace Bowline.Cli.Infrastructure;

/// <summary>stdout for data, stderr for talk; colour and motion only where a person watches.</summary>
internal sealed class Terminal
{
    private static readonly bool NoColor = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
    private readonly Lazy<IAnsiConsole> _rich;

    // The platform prepares a terminal for line editing when its reader is first asked for.
    private readonly Lazy<TextReader> _in;

    public Terminal(TextWriter output, TextWriter error, Func<TextReader> input, bool outputIsTerminal, bool errorIsTerminal, bool inputIsTerminal)
    {
        Out = output;
        Error = error;
        _in = new Lazy<TextReader>(input);
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
        () => Console.In,
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        !Console.IsInputRedirected);

    /// <summary>A line of data.</summary>
    public void Data(string line) => Out.WriteLine(line);

    /// <summary>A line of talk.</summary>
    public void Say(string line) => Error.WriteLine(line);

    /// <summary>Reads a line that a person or a pipe gives; null at the end of the input.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        Task.Run(() => _in.Value.ReadLine(), CancellationToken.None).WaitAsync(cancellationToken); // A terminal's reader blocks, and Ctrl-C would not end it.

    /// <summary>Asks a yes-or-no question; anything but yes is no.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken)
    {
        await Error.WriteAsync($"{question} [y/N] ");
        return (await ReadLineAsync(cancellationToken))?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>
    /// Takes back the application mode of the keypad: the platform switches it on when it reads from a terminal or a child process ends, and
    /// leaves it on, with other codes for the arrow keys than the next program expects.
    /// </summary>
    public void Restore()
    {
        if (OutputIsTerminal && InputIsTerminal && !OperatingSystem.IsWindows())
        {
            Out.Write("\u001b[?1l\u001b>");
        }
    }

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
