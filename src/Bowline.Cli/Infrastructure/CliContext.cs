using Bowline.Node;

namespace Bowline.Cli.Infrastructure;

/// <summary>What every command gets: where to write, the clock, the folder, and when to stop.</summary>
internal sealed record CliContext(Terminal Terminal, TimeProvider Time, string Home, Interrupts Interrupts)
{
    public CancellationToken Cancelled => Interrupts.Token;

    public NodeFolder Node => NodeFolder.In(Home);

    /// <summary>The folder of the hub on this machine.</summary>
    public string HubFolder => Path.Combine(Home, "hub");
}
