using Bowline.EndToEnd.Tests.Support;

namespace Bowline.EndToEnd.Tests.Commands;

/// <summary>One hub with one node for the commands that only look.</summary>
public sealed class RunningLink : IAsyncLifetime
{
    private LinkedNode? _link;

    internal LinkedNode Link => _link!;

    public async ValueTask InitializeAsync() => _link = await LinkedNode.StartAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _link?.DisposeAsync() ?? ValueTask.CompletedTask;
}
