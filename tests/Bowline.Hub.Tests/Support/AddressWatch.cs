using System.Threading.Channels;
using Bowline.Hub.NatsServer;

namespace Bowline.Hub.Tests.Support;

/// <summary>The addresses of the embedded server as they change: null when it is gone.</summary>
internal sealed class AddressWatch : IDisposable
{
    private readonly Channel<Uri?> _seen = Channel.CreateUnbounded<Uri?>();
    private readonly EmbeddedNats _nats;

    public AddressWatch(EmbeddedNats nats)
    {
        _nats = nats;
        nats.UrlChanged += OnChanged;
    }

    public Task<Uri?> NextAsync() =>
        _seen.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    public void Dispose() => _nats.UrlChanged -= OnChanged;

    private void OnChanged(object? sender, EventArgs e) => _seen.Writer.TryWrite(_nats.Url);
}
