using BenchmarkDotNet.Attributes;
using Bowline.WebRtc;

namespace Bowline.Bench;

/// <summary>The pure parts of data channels: descriptions, candidates, announcements, and putting a message of 64 KiB together.</summary>
public class WebRtcBenchmarks
{
    private const int PartSize = 1_156; // What a packet of 1,184 bytes holds of a message.
    private readonly byte[] _part = new byte[PartSize];
    private readonly byte[] _packet = new byte[1_184];
    private readonly MessageAssembler _assembler = new(256 * 1024);
    private readonly DcepOpen _open = DcepOpen.For("a channel of a usual name", new() { IsOrdered = false, MaxRetransmits = 3, Protocol = "bowline.v1" });
    private readonly byte[] _opening;
    private readonly string _sdp;
    private readonly SdpSession _session;

    public WebRtcBenchmarks()
    {
        _opening = new byte[DcepCodec.GetSize(_open)];
        DcepCodec.WriteOpen(_open, _opening);
        var candidates = Enumerable.Range(1, 8).Select(static i => CandidateLine.TryParse($"candidate:{i} 1 UDP 2015363327 192.0.2.{i} {50_000 + i} typ host", out var line, out _) ? line : throw new FormatException());
        var media = new SdpMedia
        {
            Kind = "application",
            Protocol = SdpNegotiation.Protocol,
            Format = SdpNegotiation.Format,
            Mid = "0",
            UserFragment = "ab12",
            Password = new string('p', 24),
            Setup = SdpSetup.Active,
            Fingerprints = [new("sha-256", new byte[32])],
            Candidates = [.. candidates],
        };
        _session = new(1, 1, [media]);
        _sdp = SdpWriter.Write(_session);
    }

    [Benchmark]
    public bool Read_description() => SdpReader.TryRead(_sdp, out _, out _);

    [Benchmark]
    public string Write_description() => SdpWriter.Write(_session);

    [Benchmark]
    public bool Read_opening() => DcepCodec.TryReadOpen(_opening, out _, out _);

    [Benchmark]
    public void Write_opening() => DcepCodec.WriteOpen(_open, _opening);

    [Benchmark]
    public int Assemble_64_KiB()
    {
        var left = 64 * 1024;
        while (true)
        {
            var size = Math.Min(left, PartSize);
            left -= size;
            if (_assembler.Take(_part.AsSpan(0, size), isEnd: left == 0, out var message) == MessageAssembly.Complete)
            {
                var length = message!.Length;
                message.Return(message.Version);
                return length;
            }
        }
    }

    [Benchmark]
    public void Checksum_of_a_packet() => SctpChecksum.Write(_packet);
}
