using System.Buffers;
using System.IO.Pipelines;

namespace Bowline.Testing.Tunnel;

/// <summary>Gathers as a tunnel does, then waits for the caller to read.</summary>
internal sealed class TestResponseBody(TestExchange exchange, PipeWriter writer) : Stream
{
    private int _gathered;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        exchange.ThrowIfOver();
        exchange.Writes++;
        exchange.Written += buffer.Length;
        try
        {
            writer.Write(buffer.Span);
        }
        catch (InvalidOperationException) when (exchange.Failure is not null)
        {
            exchange.ThrowIfOver();
        }

        _gathered += buffer.Length;
        if (_gathered >= TestExchange.GatherLimit)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        exchange.ThrowIfOver();
        _gathered = 0;
        exchange.Messages++;
        exchange.ReleaseHead();
        _ = await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        exchange.ThrowIfOver();
    }

    public override void Flush() => throw new NotSupportedException("The tunnel's bodies are asynchronous.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The tunnel's bodies are asynchronous.");
}
