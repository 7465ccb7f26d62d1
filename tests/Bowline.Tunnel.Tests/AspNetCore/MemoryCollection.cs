namespace Bowline.Tunnel.Tests.AspNetCore;

/// <summary>Tests that count the process's memory run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "Memory";
}
