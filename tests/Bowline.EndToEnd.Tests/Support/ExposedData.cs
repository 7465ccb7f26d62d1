using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>A <see cref="DataService"/> made reachable by a real <c>bowline expose</c>.</summary>
internal sealed class ExposedData : IAsyncDisposable
{
    public const string Name = "data";

    private ExposedData(DataService service, TestProcess command)
    {
        Service = service;
        Command = command;
    }

    public DataService Service { get; }

    /// <summary>The running command.</summary>
    public TestProcess Command { get; }

    public static async Task<ExposedData> StartAsync(string home, CancellationToken cancellationToken, params string[] options)
    {
        var service = await DataService.StartAsync(cancellationToken);
        var command = BowlineProgram.StartInOwnGroup(home, ["expose", service.Url.ToString(), "--name", Name, .. options]);
        var exposed = new ExposedData(service, command);
        try
        {
            await command.WaitForLineAsync(line => line.Contains("forwards to", StringComparison.Ordinal), LinkedNode.Patience, cancellationToken);
            return exposed;
        }
        catch
        {
            await exposed.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Command.DisposeAsync();
        await Service.DisposeAsync();
    }
}
