using System.Net;

namespace Bowline.Tunnel;

/// <summary>One attempt at one request: builds the OPEN, uploads the body, turns the head into a response.</summary>
internal sealed class ClientExchange(TunnelClient client, TunnelContext context, ClientDevice device, TunnelTarget target, HttpRequestMessage request)
{
    private const int ReplyRoom = 160;

    public async Task<HttpResponseMessage> RunAsync(CancellationToken cancellationToken)
    {
        var head = RequestHeads.Create(target, request);
        var deadline = request.Options.TryGetValue(TunnelRequestOptions.Deadline, out var asked) ? asked : client.DefaultDeadline;
        var inlined = await InlineAsync(head, cancellationToken).ConfigureAwait(false);
        var stream = client.AddStream(device, deadline, request.Method == HttpMethod.Head);
        CancellationTokenRegistration registration = default;
        try
        {
            registration = cancellationToken.UnsafeRegister(static self => ((ClientStream)self!).Fail(new TunnelException(TunnelError.Cancelled), tell: true), stream);
            await OpenAsync(stream, head, deadline, inlined, cancellationToken).ConfigureAwait(false);
            var upload = inlined is null && head.Upgrade.Length == 0 ? UploadAsync(stream, head.ExpectContinue) : Task.CompletedTask;
            var response = await stream.Head.ConfigureAwait(false);
            return response.Status != 101 || head.Upgrade.Length > 0
                ? ToResponse(stream, response, upload)
                : throw new TunnelException(TunnelError.FrameMalformed); // Nobody changes the protocol unasked.
        }
        catch (Exception e)
        {
            var failure = e as TunnelException ?? new TunnelException(TunnelError.Cancelled, e);
            stream.Fail(failure, tell: true);
            if (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(failure.Message, e, cancellationToken);
            }

            throw;
        }
        finally
        {
            await registration.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The whole body when it is short and its length is known; then the request is one message.</summary>
    private async Task<byte[]?> InlineAsync(RequestHead head, CancellationToken cancellationToken)
    {
        if (head.Upgrade.Length > 0)
        {
            return null;
        }

        if (request.Content is null || head.ContentLength == 0)
        {
            return [];
        }

        if (head.ContentLength < 0 || head.ContentLength > context.Limits.MaxInlinedBody || head.ExpectContinue)
        {
            return null;
        }

        try
        {
            return await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new TunnelException(TunnelError.RequestBodyFailed, e);
        }
    }

    private async ValueTask OpenAsync(ClientStream stream, RequestHead head, TimeSpan deadline, byte[]? inlined, CancellationToken cancellationToken)
    {
        head.SentUnixMs = context.Clock.UnixMs + device.ClockOffsetMs;
        head.AgeLimitMs = (uint)device.AcceptTimeout.TotalMilliseconds;
        head.DeadlineMs = deadline == TimeSpan.MaxValue ? 0 : (uint)Math.Clamp(deadline.TotalMilliseconds, 1, uint.MaxValue);
        var writer = new HeadWriter(FrameHeader.Size);
        try
        {
            HeadCodec.WriteRequest(ref writer, head);
            if (writer.Length - FrameHeader.Size - 4 > HeadRules.MaxHead)
            {
                throw new TunnelException(TunnelError.RequestHeadTooLarge);
            }

            new FrameHeader(FrameType.Open, inlined is null ? FrameFlags.None : FrameFlags.End, stream.Id, 0).Write(writer.Array);
            stream.OnOpened(inlined is not null);
            while (!TryOpen(stream, writer.Written.Span, inlined))
            {
                // Nothing of it has left, so waiting for the carrier is safe; the accept timeout ends it.
                await client.Pump.Carrier.WaitWritableAsync(cancellationToken).AsTask().WaitAsync(device.AcceptTimeout, context.Clock.Provider, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (TimeoutException e)
        {
            throw new TunnelException(TunnelError.CarrierClosed, e);
        }
        finally
        {
            writer.Dispose();
        }
    }

    private bool TryOpen(ClientStream stream, ReadOnlySpan<byte> frame, byte[]? inlined)
    {
        Span<byte> reply = stackalloc byte[ReplyRoom];
        var length = TunnelSubjects.Extend(device.ReplySubject, default, stream.Id, reply);

        // Said before: the connection may be lost as soon as the carrier has it.
        stream.MayHaveLeft = true;
        return stream.MayHaveLeft = client.Pump.Carrier.TryPublish(device.OpenSubject, reply[..length], frame, inlined);
    }

    private async Task UploadAsync(ClientStream stream, bool waitForContinue)
    {
        try
        {
            if (waitForContinue)
            {
                await stream.MayUpload().ConfigureAwait(false);
                if (stream.Head.IsCompleted)
                {
                    stream.Fail(new TunnelException(TunnelError.Cancelled), tell: true);
                    return;
                }
            }

            var body = new StreamEndWriteStream(stream, request.Content!.Headers.ContentLength ?? -1);
            await using (body.ConfigureAwait(false))
            {
                await request.Content!.CopyToAsync(body).ConfigureAwait(false);
                await body.EndAsync().ConfigureAwait(false);
            }
        }
        catch (TunnelException)
        {
            // The stream has failed and says why to whoever reads the response.
        }
        catch (Exception e)
        {
            // The caller's content may throw anything; it must not leave the node waiting for the rest.
            stream.Fail(new TunnelException(TunnelError.RequestBodyFailed, e), tell: true);
        }
    }

    private HttpResponseMessage ToResponse(ClientStream stream, ResponseHead head, Task upload)
    {
        var response = new HttpResponseMessage((HttpStatusCode)head.Status) { RequestMessage = request, Version = HttpVersion.Version11 };
        var content = new TunnelContent(stream, response, head, upload);
        response.Content = content;
        for (var i = 0; i < head.Headers.Count; i++)
        {
            var (name, value) = head.Headers[i];
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                _ = content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (head.ContentLength >= 0)
        {
            content.Headers.ContentLength = head.ContentLength;
        }

        if (head.Status == 101)
        {
            _ = response.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            _ = response.Headers.TryAddWithoutValidation("Upgrade", head.Upgrade);
        }

        return response;
    }
}
