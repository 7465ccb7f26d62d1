using System.Buffers;

namespace Bowline.Tunnel;

/// <summary>
/// Copies a body as it comes: nothing waits for more, and nothing is flushed while more is already there. While the source is idle
/// no buffer is held: a zero-byte read waits for data.
/// </summary>
internal static class BodyCopy
{
    /// <summary>64 KiB: a few frames, small enough that a thousand busy streams cost 64 MiB.</summary>
    public const int BufferSize = 64 * 1024;

    public static async Task RunAsync(Stream source, Stream destination, BodyCount count, CancellationToken cancellationToken)
    {
        byte[]? buffer = null;
        var unflushed = true;
        try
        {
            while (true)
            {
                var ready = source.ReadAsync(Memory<byte>.Empty, cancellationToken);
                if (!ready.IsCompleted)
                {
                    Return(ref buffer);
                    if (unflushed)
                    {
                        unflushed = false;
                        await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
                    }
                }

                _ = await ready.ConfigureAwait(false);
                buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
                var reading = source.ReadAsync(buffer.AsMemory(0, BufferSize), cancellationToken);
                if (!reading.IsCompleted && unflushed)
                {
                    // A source without zero-byte reads waits here. While it fills the buffer, a failed flush must not return it to the pool.
                    unflushed = false;
                    var lent = buffer;
                    buffer = null;
                    await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
                    buffer = lent;
                }

                var size = await reading.ConfigureAwait(false);
                if (size == 0)
                {
                    return;
                }

                await destination.WriteAsync(buffer.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
                count.Add(size);
                unflushed = true;
            }
        }
        finally
        {
            Return(ref buffer);
        }
    }

    private static void Return(ref byte[]? buffer)
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
        }
    }
}

/// <summary>Bytes of one direction, and who wants to know that some moved.</summary>
internal sealed class BodyCount(Action? moved = null)
{
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Add(int size)
    {
        _ = Interlocked.Add(ref _total, size);
        moved?.Invoke();
    }
}
