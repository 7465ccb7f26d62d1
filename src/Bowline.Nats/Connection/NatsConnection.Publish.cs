using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Bowline.Nats;

public sealed partial class NatsConnection
{
    private string? _checkedSubject;

    /// <summary>Publishes a message without payload.</summary>
    public ValueTask PublishAsync(
        string subject, NatsHeaders? headers = null, string? replyTo = null, NatsPubOpts? opts = null, CancellationToken cancellationToken = default) =>
        PublishAsync(subject, ReadOnlyMemory<byte>.Empty, headers, replyTo, NatsRawSerializer<ReadOnlyMemory<byte>>.Default, opts, cancellationToken);

    /// <summary>
    /// Publishes a message. When it returns, the message is in the buffer that is being written; waits while that is over its
    /// high-water mark (1 MiB). See <see cref="NatsPubOpts.Confirm"/> for more.
    /// </summary>
    /// <exception cref="NatsDisconnectedException">There is no connection.</exception>
    /// <exception cref="NatsPayloadTooLargeException">Over the server's limit; nothing was sent.</exception>
    /// <exception cref="ArgumentException">The subject is malformed.</exception>
    public ValueTask PublishAsync<T>(
        string subject,
        T data,
        NatsHeaders? headers = null,
        string? replyTo = null,
        INatsSerialize<T>? serializer = null,
        NatsPubOpts? opts = null,
        CancellationToken cancellationToken = default)
    {
        CheckSubject(subject);
        if (replyTo is not null)
        {
            SubjectRules.CheckPublish(replyTo);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var headerBlock = EncodeHeaders(headers);
        if (opts is { Confirm: true })
        {
            return PublishConfirmedAsync(subject, replyTo, headerBlock.ToArray(), Encode(data, serializer).ToArray(), opts, cancellationToken);
        }

        var payload = Encode(data, serializer);
        if (_session is { } session && TryPublish(session, subject, replyTo, headerBlock, payload) == AppendResult.Done)
        {
            return default;
        }

        return PublishCopyAsync(subject, replyTo, headerBlock.ToArray(), payload, opts, cancellationToken);
    }

    /// <summary>
    /// Copies a message into the write buffer without allocating; both parts become one payload.
    /// </summary>
    /// <returns>False when disconnected, or when the buffer is over its high-water mark: see <see cref="WaitWritableAsync"/>.</returns>
    /// <exception cref="NatsPayloadTooLargeException">Over the server's limit.</exception>
    /// <exception cref="ArgumentException">The subject is malformed.</exception>
    public bool TryPublish(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        TryPublish(subject, replyTo, default, first, second);

    /// <summary>Waits until there is a connection and room in its write buffer.</summary>
    public async ValueTask WaitWritableAsync(CancellationToken cancellationToken = default)
    {
        await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            await WaitOpenAsync(cancellationToken).ConfigureAwait(false);
            if (_session is { HasEnded: false } session)
            {
                await WaitForRoomAsync(session, cancellationToken).ConfigureAwait(false);
                if (!session.HasEnded)
                {
                    return;
                }
            }

            await Task.Yield();
        }
    }

    internal bool TryPublish(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        SubjectRules.CheckPublish(subject);
        if (!replyTo.IsEmpty)
        {
            SubjectRules.CheckPublish(replyTo);
        }

        if (_session is not { } session)
        {
            return false;
        }

        CheckSize(session, headers.Length + (long)first.Length + second.Length);
        return session.Output.TryPublish(subject, replyTo, headers, first, second) == AppendResult.Done;
    }

    private static AppendResult TryPublish(
        NatsSession session, string subject, string? replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        CheckSize(session, headers.Length + (long)payload.Length);
        return replyTo is null
            ? session.Output.TryPublish(subject, default, headers, payload)
            : TryPublishWithReply(session, subject, replyTo, headers, payload);
    }

    [SkipLocalsInit]
    private static AppendResult TryPublishWithReply(
        NatsSession session, string subject, string replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        Span<byte> reply = stackalloc byte[256];
        var count = replyTo.Length * 3 <= reply.Length ? Encoding.UTF8.GetBytes(replyTo, reply) : -1;
        return session.Output.TryPublish(subject, count < 0 ? Encoding.UTF8.GetBytes(replyTo) : reply[..count], headers, payload);
    }

    private static void CheckSize(NatsSession session, long size)
    {
        if (size > session.Info.MaxPayload)
        {
            throw new NatsPayloadTooLargeException(size, session.Info.MaxPayload);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask WaitForRoomAsync(NatsSession session, CancellationToken cancellationToken)
    {
        var room = session.Output.WaitAsync();
        if (!cancellationToken.CanBeCanceled || room.IsCompleted)
        {
            await room.ConfigureAwait(false);
            return;
        }

        await room.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void CheckSubject(string subject)
    {
        // A publisher mostly repeats the same string object.
        if (!ReferenceEquals(subject, _checkedSubject))
        {
            ArgumentNullException.ThrowIfNull(subject);
            SubjectRules.CheckPublish(subject);
            _checkedSubject = subject;
        }
    }

    private ReadOnlySpan<byte> Encode<T>(T data, INatsSerialize<T>? serializer)
    {
        if (serializer is null || serializer is NatsRawSerializer<T>)
        {
            if (typeof(T) == typeof(byte[]))
            {
                return (byte[]?)(object?)data;
            }

            if (typeof(T) == typeof(ReadOnlyMemory<byte>))
            {
                return Unsafe.As<T, ReadOnlyMemory<byte>>(ref data).Span;
            }

            if (typeof(T) == typeof(Memory<byte>))
            {
                return Unsafe.As<T, Memory<byte>>(ref data).Span;
            }
        }

        var writer = ScratchWriter.ForPayload();
        (serializer ?? Opts.SerializerRegistry.GetSerializer<T>()).Serialize(writer, data);
        return writer.Written;
    }

    private static ReadOnlySpan<byte> EncodeHeaders(NatsHeaders? headers)
    {
        if (headers is null || headers.Count == 0)
        {
            return default;
        }

        var writer = ScratchWriter.ForHeaders();
        headers.WriteTo(writer);
        return writer.Written;
    }

    /// <summary>The payload may lie in memory of the caller or of the thread, so it is copied before waiting.</summary>
    private ValueTask PublishCopyAsync(
        string subject, string? replyTo, byte[] headers, ReadOnlySpan<byte> payload, NatsPubOpts? opts, CancellationToken cancellationToken)
    {
        var rented = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(rented);
        return PublishRentedAsync(subject, replyTo, headers, rented, payload.Length, opts, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PublishRentedAsync(
        string subject, string? replyTo, byte[] headers, byte[] rented, int length, NatsPubOpts? opts, CancellationToken cancellationToken)
    {
        try
        {
            await PublishSlowAsync(subject, replyTo, headers, rented.AsMemory(0, length), opts, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PublishSlowAsync(
        string subject, string? replyTo, ReadOnlyMemory<byte> headers, ReadOnlyMemory<byte> payload, NatsPubOpts? opts, CancellationToken cancellationToken)
    {
        await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var session = _session;
            var result = session is null ? AppendResult.Closed : TryPublish(session, subject, replyTo, headers.Span, payload.Span);
            switch (result)
            {
                case AppendResult.Done:
                    return;
                case AppendResult.Full:
                    await WaitForRoomAsync(session!, cancellationToken).ConfigureAwait(false);
                    break;
                case AppendResult.Closed when opts is { WaitUntilConnected: true }:
                    await WaitWritableAsync(cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw NotConnected();
            }
        }
    }
}
