using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Tunnel;

/// <content>
/// The response's body. While the app runs without having waited for anything, one flush of a small body is put off: most
/// responses end right there, and then head, body and end are one message. The moment the app waits, what was put off leaves.
/// </content>
internal abstract partial class TunnelAppContext : IHttpResponseBodyFeature
{
    /// <summary>Above this a flush is never put off: the bytes fill frames of their own anyway.</summary>
    private const int PutOffLimit = 32 * 1024;

    private readonly Lock _gate = new();
    private readonly TunnelResponseStream _responseStream;
    private ArraySegment<byte> _putOff;
    private bool _hasPutOff;
    private bool _eager;
    private Task? _pushing;
    private long _written;

    Stream IHttpResponseBodyFeature.Stream => _responseStream;

    PipeWriter IHttpResponseBodyFeature.Writer => Writer;

    public void DisableBuffering() => _eager = true;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(_responseStream, path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        if (!_completed && !_cut && !_upgraded)
        {
            await FlushBodyAsync(lazy: false, CancellationToken.None).ConfigureAwait(false);
            _completed = true;
        }
    }

    /// <summary>The app waits for something: from now on every flush is one, and the one put off happens.</summary>
    public void GoEager()
    {
        lock (_gate)
        {
            _eager = true;
            if (_hasPutOff)
            {
                _hasPutOff = false;
                _pushing = PushOneAsync(_putOff, flush: true, CancellationToken.None);
            }
        }
    }

    public ValueTask FlushBodyAsync(bool lazy, CancellationToken cancellationToken) =>
        lazy && (_started || _onStarting.Count == 0) && TryPutOff() ? default : FlushNowAsync(lazy, cancellationToken);

    public ValueTask WriteBodyAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        ThrowIfResponseOver();
        if (_eager || buffer.Length > PutOffLimit)
        {
            return WriteNowAsync(buffer, cancellationToken);
        }

        Writer.Write(buffer.Span);
        return FlushBodyAsync(lazy: true, cancellationToken);
    }

    private async ValueTask WriteNowAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken).ConfigureAwait(false);
        await PushAsync(atEnd: false, cancellationToken).ConfigureAwait(false);
        if (Admit(buffer.Length))
        {
            HandOver(-1);
            await Exchange.ResponseBody.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        await Exchange.ResponseBody.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask FlushNowAsync(bool lazy, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken).ConfigureAwait(false);
        if (lazy && TryPutOff())
        {
            return;
        }

        await PushAsync(atEnd: false, cancellationToken).ConfigureAwait(false);
        if (!_upgraded)
        {
            HandOver(-1);
        }

        await Exchange.ResponseBody.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private bool TryPutOff()
    {
        lock (_gate)
        {
            if (_eager || _hasPutOff || _handed || !Writer.IsSingle || Writer.UnflushedBytes > PutOffLimit)
            {
                return false;
            }

            _started = true;
            ResponseHeaders.Freeze();
            _ = Writer.TryTake(out var taken);
            _putOff = taken;
            _hasPutOff = true;
            return true;
        }
    }

    /// <summary>Hands everything gathered to the exchange, without flushing it.</summary>
    private async ValueTask PushAsync(bool atEnd, CancellationToken cancellationToken)
    {
        Task? pushing;
        ArraySegment<byte> putOff;
        bool hadPutOff;
        lock (_gate)
        {
            pushing = _pushing;
            putOff = _putOff;
            hadPutOff = _hasPutOff;
            _hasPutOff = false;
            _pushing = null;
        }

        if (pushing is not null)
        {
            await pushing.ConfigureAwait(false);
        }

        if (atEnd)
        {
            var rest = Writer.UnflushedBytes + (hadPutOff ? putOff.Count : 0);
            ThrowIfTooLong(rest);
            HandOver(rest);
        }

        if (hadPutOff)
        {
            await PushOneAsync(putOff, flush: false, cancellationToken).ConfigureAwait(false);
        }

        while (Writer.TryTake(out var taken))
        {
            await PushOneAsync(taken, flush: false, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PushOneAsync(ArraySegment<byte> segment, bool flush, CancellationToken cancellationToken)
    {
        try
        {
            var admitted = Admit(segment.Count);
            HandOver(-1);
            if (admitted)
            {
                await Exchange.ResponseBody.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
            }

            if (flush)
            {
                await Exchange.ResponseBody.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            TunnelResponseWriter.Return(segment);
        }
    }

    /// <summary>True when the bytes belong on the wire; a body where none may be, or too long a one, is the app's error.</summary>
    private bool Admit(int size)
    {
        if (size == 0)
        {
            return false;
        }

        ThrowIfTooLong(size);
        _written += size;
        return !IsHead;
    }

    private void ThrowIfTooLong(long more)
    {
        if (more > 0 && HasNoBody)
        {
            throw new InvalidOperationException($"A response with status {_status} has no body.");
        }

        if (ResponseHeaders.ContentLength is { } declared && _written + more > declared && !IsHead)
        {
            throw new InvalidOperationException($"The app wrote {_written + more} bytes, but said there are {declared}.");
        }
    }
}
