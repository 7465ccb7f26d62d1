using System.Runtime.InteropServices;
using Bowline.WebRtc;
using DataChannelChat;

var role = args.FirstOrDefault() ?? "offer";
var servers = args.Skip(1).ToArray();
if (role is not ("offer" or "answer"))
{
    await Console.Error.WriteLineAsync("usage: DataChannelChat [offer|answer] [stun:host[:port] ...]");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    // Two terminals of one machine without a network reach each other by loopback.
    await using var connection = PeerConnection.Create(new()
    {
        IceServers = [.. servers.Select(static server => IceServer.Parse(server))],
        CandidateFilter = new() { IncludeLoopback = true },
        Sctp = new() { HeartbeatInterval = TimeSpan.FromSeconds(1) },
    });
    var typed = new TypedLines();
    var channel = await Introduction.MeetAsync(connection, typed, isOfferer: role == "offer", stop.Token);
    await new Chat(connection, channel, typed).RunAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0; // Ctrl-C; the other side has been told by now.
}
catch (Exception e) when (e is WebRtcException or PlatformNotSupportedException or FormatException or EndOfStreamException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 3;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
