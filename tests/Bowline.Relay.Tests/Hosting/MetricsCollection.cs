namespace Bowline.Relay.Tests.Hosting;

/// <summary>Nothing runs beside it.</summary>
[CollectionDefinition("Metrics", DisableParallelization = true)]
public sealed class MetricsCollection;
