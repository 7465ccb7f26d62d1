using System.Text.Json;

namespace Bowline.Nats;

/// <summary>From an address to a session the server has accepted: transport, INFO, TLS, CONNECT, PING, PONG.</summary>
internal static class Handshake
{
    private const int NatsPort = 4222;

    /// <summary>Opens a session at one address.</summary>
    /// <exception cref="NatsException">Unreachable, refused, or not a NATS server.</exception>
    public static async Task<NatsSession> OpenAsync(NatsConnection connection, Uri uri, CancellationToken cancellationToken)
    {
        var opts = connection.Opts;
        using var timeout = new CancellationTokenSource(opts.ConnectTimeout, opts.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        INatsTransport? transport = null;
        try
        {
            var cred = await opts.AuthOpts.GetAsync(uri, linked.Token).ConfigureAwait(false);
            var webSocket = uri.Scheme is "ws" or "wss";
            transport = webSocket
                ? await WebSocketTransport.ConnectAsync(uri, opts.WebSocketOpts, opts.TlsOpts, opts.TimeProvider, linked.Token).ConfigureAwait(false)
                : await TcpTransport.ConnectAsync(uri.Host, uri.Port > 0 ? uri.Port : NatsPort, linked.Token).ConfigureAwait(false);
            var reader = new ProtocolReader();
            if (!webSocket && opts.TlsOpts.Mode == NatsTlsMode.Implicit)
            {
                transport = await TlsTransport.UpgradeAsync((TcpTransport)transport, uri.Host, opts.TlsOpts, linked.Token).ConfigureAwait(false);
            }

            var info = await ReadInfoAsync(transport, reader, linked.Token).ConfigureAwait(false);
            if (transport is TcpTransport tcp && WantsTls(uri, opts.TlsOpts, info))
            {
                transport = await TlsTransport.UpgradeAsync(tcp, uri.Host, opts.TlsOpts, linked.Token).ConfigureAwait(false);
            }

            reader.MaxPayload = info.MaxPayload;
            var tls = transport is TlsTransport || uri.Scheme == "wss";
            await transport.SendAsync(ConnectBytes(opts, cred, info, tls)).ConfigureAwait(false);
            await ReadPongAsync(transport, reader, linked.Token).ConfigureAwait(false);
            return new NatsSession(connection, transport, reader, info, uri);
        }
        catch (Exception e)
        {
            transport?.Abort();
            cancellationToken.ThrowIfCancellationRequested();
            throw e switch
            {
                NatsException => e,
                OperationCanceledException => new NatsConnectionFailedException($"Connecting to {uri} took longer than {opts.ConnectTimeout}.", e),
                _ when timeout.IsCancellationRequested => new NatsConnectionFailedException($"Connecting to {uri} took longer than {opts.ConnectTimeout}.", e),
                _ => new NatsConnectionFailedException($"Connecting to {uri} failed: {e.Message}", e),
            };
        }
    }

    public static NatsServerInfo ParseInfo(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ProtocolJson.Default.NatsServerInfo)
                ?? throw new NatsProtocolException("INFO is null.");
        }
        catch (JsonException e)
        {
            throw new NatsProtocolException("INFO is not the JSON expected.", e);
        }
    }

    private static bool WantsTls(Uri uri, NatsTlsOpts tls, NatsServerInfo info)
    {
        var wanted = uri.Scheme == "tls" || tls.Mode == NatsTlsMode.Require;
        if (wanted && !info.TlsRequired && !info.TlsAvailable)
        {
            throw new NatsConnectionFailedException($"{uri} does not offer TLS, which is required here.");
        }

        if (info.TlsRequired && tls.Mode == NatsTlsMode.Disable)
        {
            throw new NatsConnectionFailedException($"{uri} requires TLS, which is disabled here.");
        }

        return wanted || info.TlsRequired;
    }

    private static ReadOnlyMemory<byte> ConnectBytes(NatsOpts opts, NatsAuthCred cred, NatsServerInfo info, bool tls)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new ConnectMessage
            {
                Name = opts.Name,
                Echo = opts.Echo,
                TlsRequired = tls,
                Jwt = cred.Jwt,
                Signature = NonceSignature.Create(cred, info.Nonce),
                User = cred.Username,
                Password = cred.Password,
                Token = cred.Token,
            },
            ProtocolJson.Default.ConnectMessage);
        return (byte[])[.. "CONNECT "u8, .. json, .. "\r\nPING\r\n"u8];
    }

    private static async ValueTask<NatsServerInfo> ReadInfoAsync(INatsTransport transport, ProtocolReader reader, CancellationToken cancellationToken)
    {
        NatsServerInfo? info;
        while (!TryReadInfo(reader, out info))
        {
            await FillAsync(transport, reader, cancellationToken).ConfigureAwait(false);
        }

        return info!;
    }

    private static async ValueTask ReadPongAsync(INatsTransport transport, ProtocolReader reader, CancellationToken cancellationToken)
    {
        while (!TryReadPong(reader))
        {
            await FillAsync(transport, reader, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask FillAsync(INatsTransport transport, ProtocolReader reader, CancellationToken cancellationToken)
    {
        await using var abort = cancellationToken.UnsafeRegister(static t => ((INatsTransport)t!).Abort(), transport).ConfigureAwait(false);
        var count = await transport.ReceiveAsync(reader.GetMemory()).ConfigureAwait(false);
        if (count == 0)
        {
            throw new NatsConnectionFailedException("The server closed the connection during the handshake.");
        }

        reader.Advance(count);
    }

    private static bool TryReadInfo(ProtocolReader reader, out NatsServerInfo? info)
    {
        info = null;
        if (!reader.TryRead(out var op))
        {
            return false;
        }

        info = op.Kind switch
        {
            ServerOpKind.Info => ParseInfo(op.Text),
            ServerOpKind.Err => throw ServerErrors.Parse(System.Text.Encoding.UTF8.GetString(op.Text)),
            _ => throw new NatsProtocolException("The server did not begin with INFO."),
        };
        return true;
    }

    private static bool TryReadPong(ProtocolReader reader)
    {
        while (reader.TryRead(out var op))
        {
            switch (op.Kind)
            {
                case ServerOpKind.Pong:
                    return true;
                case ServerOpKind.Err:
                    throw ServerErrors.Parse(System.Text.Encoding.UTF8.GetString(op.Text));
                default:
                    // INFO may come again, and +OK; a PING before our PONG is not sent by any server.
                    break;
            }
        }

        return false;
    }
}
