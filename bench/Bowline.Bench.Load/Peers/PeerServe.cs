using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bowline.Bench.Load.Running;
using Bowline.WebRtc;

namespace Bowline.Bench.Load.Peers;

/// <summary>
/// <c>serve-peer ADDRESS|any</c>: our data channels as one end of a figure. Commands on standard input, one a line, each answered with a
/// line: <c>offer</c>, <c>answer SDP</c>, <c>accept SDP</c> (SDP in base64, with all addresses), <c>expect COUNT</c>, <c>send COUNT SIZE</c>,
/// <c>echo</c>, <c>ping COUNT SIZE</c>, <c>close</c>, <c>status</c>; <c>load PAIRS</c> and <c>bulk COUNT SIZE</c> for many connections in this one process.
/// </summary>
internal sealed class PeerServe(string address)
{
    private readonly PeerConnectionOptions _options = address == "any"
        ? new()
        : new() { CandidateFilter = new() { IncludeLoopback = true, Interfaces = ["lo"], IncludeIPv6 = false } };

    private readonly List<Task> _background = [];
    private List<PeerLoadPair> _pairs = []; // Those of an earlier load stay open, idle, until the process ends.
    private PeerConnection? _connection;
    private IDataChannel? _channel;

    public static async Task<int> RunAsync(string address)
    {
        var serve = new PeerServe(address);
        await Console.Out.WriteLineAsync("ready peer");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await serve.DoAsync(line.Split(' '));
        }

        return 0;
    }

    private static Task SayAsync(string line) => Console.Out.WriteLineAsync(line);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Decode(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));

    private async Task DoAsync(string[] command)
    {
        switch (command)
        {
            case ["offer"]:
                _connection = PeerConnection.Create(_options);
                Take(_connection.CreateDataChannel("bench"));
                await SayAsync($"offer {Encode((await _connection.CreateOfferAsync()).Sdp)}");
                break;
            case ["answer", var sdp]:
                _connection = PeerConnection.Create(_options);
                _background.Add(TakeFirstAsync(_connection));
                await _connection.SetRemoteDescriptionAsync(new(SessionDescriptionType.Offer, Decode(sdp)));
                await SayAsync($"answer {Encode((await _connection.CreateAnswerAsync()).Sdp)}");
                break;
            case ["accept", var sdp]:
                await _connection!.SetRemoteDescriptionAsync(new(SessionDescriptionType.Answer, Decode(sdp)));
                break;
            case ["expect", var count]:
                await SayAsync("expecting");
                await ReceiveAsync(_channel!, Number(count));
                await SayAsync("got");
                break;
            case ["send", var count, var size]:
                await SendAsync(_channel!, Number(count), Number(size));
                await SayAsync("sent");
                break;
            case ["echo"]:
                _background.Add(EchoAsync(_channel!));
                await SayAsync("echoing");
                break;
            case ["ping", var count, var size]:
                await PingAsync(_channel!, Number(count), Number(size));
                break;
            case ["close"]:
                await _connection!.DisposeAsync();
                await Task.WhenAll(_background).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // They end with the connection.
                _background.Clear();
                await SayAsync("closed");
                break;
            case ["status"]:
                await SayAsync($"status {_connection!.Status} {_connection.GetStatistics()}");
                break;
            case ["load", var count]:
                _pairs = [.. await Task.WhenAll(Enumerable.Range(0, Number(count)).Select(_ => PeerLoadPair.ConnectAsync(_options)))];
                await SayAsync("loaded");
                break;
            case ["bulk", var count, var size]:
                await Task.WhenAll(_pairs.Select(pair => Task.WhenAll(Task.Run(() => SendAsync(pair.Left, Number(count), Number(size))), ReceiveAsync(pair.Right, Number(count)))));
                await SayAsync("moved");
                break;
            default:
                throw new FormatException($"unknown command {string.Join(' ', command)}");
        }
    }

    private void Take(IDataChannel channel)
    {
        _channel = channel;
        _background.Add(OpenAsync(channel));
    }

    private async Task TakeFirstAsync(PeerConnection connection)
    {
        await foreach (var channel in connection.ReadChannelsAsync())
        {
            Take(channel);
            return;
        }
    }

    private static async Task OpenAsync(IDataChannel channel)
    {
        await channel.WaitForOpenAsync();
        await SayAsync("open");
    }

    private static async Task SendAsync(IDataChannel channel, int count, int size)
    {
        var message = new byte[size];
        for (var i = 0; i < count; i++)
        {
            await channel.SendAsync(message);
        }
    }

    private static async Task ReceiveAsync(IDataChannel channel, int count)
    {
        var got = 0;
        await foreach (var message in channel.ReadAllAsync())
        {
            message.Dispose();
            if (++got == count)
            {
                return;
            }
        }
    }

    private static async Task EchoAsync(IDataChannel channel)
    {
        await foreach (var message in channel.ReadAllAsync())
        {
            using (message)
            {
                await channel.SendAsync(message.Content);
            }
        }
    }

    private static async Task PingAsync(IDataChannel channel, int count, int size)
    {
        var message = new byte[size];
        var times = new List<double>(count);
        var sent = Stopwatch.GetTimestamp();
        await channel.SendAsync(message);
        await foreach (var answer in channel.ReadAllAsync())
        {
            answer.Dispose();
            times.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
            if (times.Count == count)
            {
                break;
            }

            sent = Stopwatch.GetTimestamp();
            await channel.SendAsync(message);
        }

        times.Sort();
        var sorted = times.ToArray();
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"times {Statistics.Percentile(sorted, 0.5)} {Statistics.Percentile(sorted, 0.99)}"));
    }
}
