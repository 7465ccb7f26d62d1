namespace Bowline.Nats.JetStream;

public sealed partial class NatsJSContext
{
    /// <summary>Creates a stream; the same again is success.</summary>
    /// <exception cref="NatsJSApiException">Refused, for example because it exists with another configuration (<see cref="NatsJSErrorCode.StreamNameInUse"/>).</exception>
    /// <exception cref="NatsJSConfigNotAppliedException">The server dropped a setting; the stream exists without it.</exception>
    public ValueTask<NatsJSStream> CreateStreamAsync(StreamConfig config, CancellationToken cancellationToken = default) =>
        WriteStreamAsync("CREATE", config, cancellationToken);

    /// <summary>Changes a stream to this whole configuration.</summary>
    /// <exception cref="NatsJSApiException">Refused, or the stream does not exist.</exception>
    /// <exception cref="NatsJSConfigNotAppliedException">The server dropped a setting.</exception>
    public ValueTask<NatsJSStream> UpdateStreamAsync(StreamConfig config, CancellationToken cancellationToken = default) =>
        WriteStreamAsync("UPDATE", config, cancellationToken);

    /// <summary>Creates the stream, or changes it when it exists with another configuration.</summary>
    /// <exception cref="NatsJSApiException">Refused.</exception>
    /// <exception cref="NatsJSConfigNotAppliedException">The server dropped a setting.</exception>
    public async ValueTask<NatsJSStream> CreateOrUpdateStreamAsync(StreamConfig config, CancellationToken cancellationToken = default)
    {
        try
        {
            return await CreateStreamAsync(config, cancellationToken).ConfigureAwait(false);
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode == NatsJSErrorCode.StreamNameInUse)
        {
            return await UpdateStreamAsync(config, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a stream's configuration and state.</summary>
    /// <exception cref="NatsJSApiException">It does not exist (<see cref="NatsJSErrorCode.StreamNotFound"/>).</exception>
    public async ValueTask<NatsJSStream> GetStreamAsync(string stream, CancellationToken cancellationToken = default)
    {
        NatsName.Check(stream, "stream");
        var answer = await CallAsync("STREAM.INFO." + stream, [], cancellationToken).ConfigureAwait(false);
        return new NatsJSStream(this, Read(answer, JetStreamJson.Default.StreamInfo));
    }

    /// <summary>Deletes a stream with its messages and consumers.</summary>
    /// <exception cref="NatsJSApiException">It does not exist (<see cref="NatsJSErrorCode.StreamNotFound"/>).</exception>
    public async ValueTask DeleteStreamAsync(string stream, CancellationToken cancellationToken = default)
    {
        NatsName.Check(stream, "stream");
        await CallAsync("STREAM.DELETE." + stream, [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes messages of a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="filter">Only those on this subject, wildcards allowed; null for all.</param>
    /// <param name="keep">How many of the newest to keep; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were removed.</returns>
    public async ValueTask<ulong> PurgeStreamAsync(string stream, string? filter = null, ulong? keep = null, CancellationToken cancellationToken = default)
    {
        NatsName.Check(stream, "stream");
        NatsName.CheckFilter(filter);
        var answer = await CallAsync(
            "STREAM.PURGE." + stream, new PurgeRequest { Filter = filter, Keep = keep }, JetStreamJson.Default.PurgeRequest, cancellationToken).ConfigureAwait(false);
        return Read(answer, JetStreamJson.Default.PurgeResponse).Purged;
    }

    private async ValueTask<NatsJSStream> WriteStreamAsync(string verb, StreamConfig config, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        NatsName.Check(config.Name, "stream");
        foreach (var subject in config.Subjects ?? [])
        {
            NatsName.CheckFilter(subject);
        }

        var answer = await CallAsync($"STREAM.{verb}.{config.Name}", config, JetStreamJson.Default.StreamConfig, cancellationToken).ConfigureAwait(false);
        CheckEcho(config, JetStreamJson.Default.StreamConfig, answer);
        return new NatsJSStream(this, Read(answer, JetStreamJson.Default.StreamInfo));
    }
}
