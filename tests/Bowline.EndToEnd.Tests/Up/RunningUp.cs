using Bowline.EndToEnd.Tests.Support;

namespace Bowline.EndToEnd.Tests.Up;

/// <summary>One <c>bowline up</c> for the tests that only use it.</summary>
public sealed class RunningUp : IAsyncLifetime
{
    private readonly HomeFolder _home = new();
    private UpProcess? _up;

    internal UpProcess Process => _up!;

    /// <summary>Where scripts reach the demo service.</summary>
    public string Demo { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _up = await UpProcess.StartAsync(_home, CancellationToken.None);
        var link = await _up.OnlineAsync(CancellationToken.None);
        Demo = $"t/{link["name"]!.GetValue<string>()}/demo/";
    }

    public async ValueTask DisposeAsync()
    {
        if (_up is not null)
        {
            await _up.DisposeAsync();
            await NatsServers.NoneBelowAsync(_home.Path, LinkedNode.Patience, CancellationToken.None);
        }

        _home.Dispose();
    }
}
