using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>A connection of ours in a process of its own: JSON commands on its standard input, JSON events on its output, as README.md in this folder has them.</summary>
internal sealed class PeerProgram : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IDataChannel> _channels = new(StringComparer.Ordinal);
    private readonly Lock _output = new();
    private readonly PeerConnection _connection;
    private readonly bool _isEchoing;
    private readonly bool _isQuiet;

    private PeerProgram(JsonNode options)
    {
        _isEchoing = (bool?)options["echo"] ?? false;
        _isQuiet = (bool?)options["quiet"] ?? false;
        var isLoopback = (bool?)options["loopback"] ?? false;
        _connection = PeerConnection.Create(new()
        {
            IceServers = [.. (options["iceServers"]?.AsArray() ?? []).Select(server => IceServer.Parse((string)server!["urls"]!, (string?)server["username"], (string?)server["credential"]))],
            IsRelayOnly = (bool?)options["relayOnly"] ?? false,
            CandidateFilter = isLoopback ? new() { IncludeLoopback = true, Interfaces = ["lo"] } : new(),
            ResolveHost = (name, _) => options["names"]?[name] is { } address ? Task.FromResult<IPAddress[]>([IPAddress.Parse((string)address!)]) : throw new SocketException((int)SocketError.HostNotFound),
        });
    }

    public static async Task<int> RunAsync(string options)
    {
        await using var program = new PeerProgram(JsonNode.Parse(options)!);
        _ = program.ReportAsync(program.CandidatesAsync());
        _ = program.ReportAsync(program.ChannelsAsync());
        _ = program.ReportAsync(program.StatesAsync());
        program.Say(new { on = "ready" });
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var command = JsonNode.Parse(line)!;
            if ((string?)command["do"] == "close")
            {
                var clock = Stopwatch.StartNew();
                await program.DisposeAsync();
                program.Say(new { on = "over", ms = clock.ElapsedMilliseconds });
                return 0;
            }

            await program.ReportAsync(program.DoAsync(command));
        }

        return 0;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>What both sides of a test make by themselves, so that a large message need not travel in JSON.</summary>
    public static byte[] Pattern(int size, int seed) => [.. Enumerable.Range(0, size).Select(i => (byte)((seed * 31 + i * 7) % 26 + 97))];

    private async Task DoAsync(JsonNode command)
    {
        switch ((string?)command["do"])
        {
            case "offer":
                Describe(await _connection.CreateOfferAsync());
                break;
            case "accept":
                var isOffer = (string?)command["type"] == "offer";
                await _connection.SetRemoteDescriptionAsync(new(isOffer ? SessionDescriptionType.Offer : SessionDescriptionType.Answer, (string)command["sdp"]!));
                if (isOffer)
                {
                    Describe(await _connection.CreateAnswerAsync());
                }

                break;
            case "candidate":
                Assert.True(IceCandidate.TryFromJson(command["candidate"]!.ToJsonString(), out var candidate));
                await _connection.AddIceCandidateAsync(candidate!);
                break;
            case "restart":
                _connection.RestartIce();
                Describe(await _connection.CreateOfferAsync());
                break;
            case "suspect":
                _connection.SetSuspect((bool)command["is"]!);
                break;
            case "channel":
                Take(_connection.CreateDataChannel((string)command["label"]!, new()
                {
                    IsOrdered = (bool?)command["ordered"] ?? true,
                    MaxRetransmits = (int?)command["maxRetransmits"],
                    MaxLifetime = (int?)command["maxPacketLifeTime"] is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
                }));
                break;
            case "send" when command["text"] is { } text:
                await Channel(command).SendTextAsync((string)text!);
                break;
            case "send":
                await Channel(command).SendAsync(Convert.FromBase64String((string)command["base64"]!));
                break;
            case "sendPattern":
                var pattern = Pattern((int)command["size"]!, (int)command["seed"]!);
                await ((string?)command["kind"] == "text" ? Channel(command).SendTextAsync(Encoding.ASCII.GetString(pattern)) : Channel(command).SendAsync(pattern));
                break;
            case "closeChannel":
                await Channel(command).CloseAsync();
                break;
            case var unknown:
                throw new InvalidOperationException($"unknown command {unknown}");
        }
    }

    private IDataChannel Channel(JsonNode command) => _channels[(string)command["label"]!];

    private void Describe(SessionDescription description) =>
        Say(new { on = "description", type = description.Type.ToString().ToLowerInvariant(), sdp = description.Sdp });

    private void Take(IDataChannel channel)
    {
        _channels[channel.Label] = channel;
        _ = ReportAsync(ServeAsync(channel));
    }

    private async Task ServeAsync(IDataChannel channel)
    {
        await channel.WaitForOpenAsync();
        Say(new { on = "open", label = channel.Label });
        try
        {
            await foreach (var message in channel.ReadAllAsync())
            {
                using (message)
                {
                    if (!_isQuiet)
                    {
                        SayMessage(channel, message);
                    }

                    if (_isEchoing)
                    {
                        await (message.IsText ? channel.SendTextAsync(message.GetText()) : channel.SendAsync(message.Content));
                    }
                }
            }
        }
        finally
        {
            Say(new { on = "closed", label = channel.Label });
        }
    }

    private void SayMessage(IDataChannel channel, DataChannelMessage message) => Say(new
    {
        on = "message",
        label = channel.Label,
        kind = message.IsText ? "text" : "binary",
        size = message.Content.Length,
        sha256 = Convert.ToHexStringLower(SHA256.HashData(message.Content.Span)),
    });

    private async Task CandidatesAsync()
    {
        await foreach (var candidate in _connection.ReadCandidatesAsync())
        {
            Say(new { on = "candidate", candidate = JsonNode.Parse(candidate.ToJson()) });
        }
    }

    private async Task ChannelsAsync()
    {
        await foreach (var channel in _connection.ReadChannelsAsync())
        {
            Say(new { on = "channel", label = channel.Label, ordered = channel.Options.IsOrdered, maxRetransmits = channel.Options.MaxRetransmits, protocol = channel.Options.Protocol, id = channel.Id });
            Take(channel);
        }
    }

    private async Task StatesAsync()
    {
        await foreach (var status in _connection.WatchAsync())
        {
            Say(new
            {
                on = "state",
                value = status.State.ToString().ToLowerInvariant(),
                ice = status.Ice.ToString(),
                local = status.Pair?.LocalEndPoint,
                localKind = status.Pair?.Local.ToString(),
                remote = status.Pair?.RemoteEndPoint,
                remoteKind = status.Pair?.Remote.ToString(),
                failure = status.Failure?.Error.ToString(),
            });
        }
    }

    private async Task ReportAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Say(new { on = "error", text = e.Message });
        }
    }

    private void Say(object message)
    {
        lock (_output)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(message));
            Console.Out.Flush();
        }
    }
}
