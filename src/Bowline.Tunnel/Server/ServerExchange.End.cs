namespace Bowline.Tunnel;

internal sealed partial class ServerExchange
{
    private bool _completed;
    private bool _answered;

    /// <summary>Ends the response; the handler may still do other work.</summary>
    internal async Task CompleteResponseAsync()
    {
        if (_completed)
        {
            return;
        }

        _completed = true;
        if (IsUpgraded)
        {
            await _output.StartAsync(CancellationToken.None).ConfigureAwait(false);
            if (!_stream.SendEnded && _stream.IsOpen)
            {
                await _stream.SendDataAsync(default, end: true, CancellationToken.None).ConfigureAwait(false);
            }
        }
        else
        {
            await _output.EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The handler is done: sends what is left.</summary>
    internal async Task CompleteAsync()
    {
        if (!_answered)
        {
            await CompleteResponseAsync().ConfigureAwait(false);
        }

        End();
    }

    /// <summary>The handler threw: 500 when nothing was sent, a reset otherwise.</summary>
    internal async Task FailAsync(string traceId)
    {
        if (!TryTakeResponse())
        {
            _stream.Fail(new TunnelException(TunnelError.ResponseAborted), tell: true);
            _output.Release();
            return;
        }

        await AnswerProblemAsync(500, "handler_failed", "The service failed.", traceId).ConfigureAwait(false);
    }

    /// <summary>Answers a problem; the response must have been taken. Never throws.</summary>
    internal async Task AnswerProblemAsync(int status, string code, string title, string? traceId = null)
    {
        try
        {
            // The handler may still run after its deadline, so its buffers are not given back here.
            _answered = true;
            StatusCode = status;
            var body = new TunnelProblem(TunnelProblem.TypePrefix + code, title, status, traceId).ToJson();
            var head = new ResponseHead { Status = status, ContentLength = body.Length };
            if (ResponseHeaders.TryGet("Retry-After", out var retryAfter))
            {
                head.Headers.Add("Retry-After", retryAfter);
            }

            head.Headers.Add("Content-Type", TunnelProblem.ContentType);
            await _stream.SendHeadAsync(head, Method == "HEAD" ? default : body, end: true, CancellationToken.None).ConfigureAwait(false);
            End();
        }
        catch (Exception e) when (e is TunnelException or InvalidOperationException)
        {
            // The stream has failed meanwhile: there is nobody to answer.
            _stream.Fail(new TunnelException(TunnelError.ResponseAborted, e), tell: true);
        }
    }

    /// <summary>The response has ended; a caller that still sends a body nobody reads should stop.</summary>
    private void End()
    {
        if (!_stream.ReceiveEnded)
        {
            _stream.Fail(new TunnelException(TunnelError.Cancelled), tell: true);
        }
        else if (_stream.IsReadable)
        {
            _stream.Abandon();
        }
    }
}
