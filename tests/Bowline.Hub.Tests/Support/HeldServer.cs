namespace Bowline.Hub.Tests.Support;

/// <summary>The real nats-server behind a script that can hold up its start until a test lets it go.</summary>
internal sealed class HeldServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bowline-held-").FullName;

    public HeldServer()
    {
        Binary = Path.Combine(_folder, "nats-server");
        var real = Hub.NatsServer.NatsBinary.FindAsync("nats-server", CancellationToken.None).GetAwaiter().GetResult();
        File.WriteAllText(Binary, $"#!/bin/sh\nif [ \"$1\" = -c ]; then while [ -e '{_folder}/hold' ]; do sleep 0.01; done; fi\nexec '{real}' \"$@\"\n");
        File.SetUnixFileMode(Binary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Binary { get; }

    public void Hold() => File.WriteAllText(Path.Combine(_folder, "hold"), "");

    public void Go() => File.Delete(Path.Combine(_folder, "hold"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
