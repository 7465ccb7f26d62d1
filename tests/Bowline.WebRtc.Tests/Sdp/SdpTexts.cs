namespace Bowline.WebRtc.Tests.Sdp;

/// <summary>Descriptions in the forms that others write.</summary>
internal static class SdpTexts
{
    public const string Fingerprint = "AC:7D:B6:99:16:09:0E:73:9B:6E:36:FC:74:D4:8B:D0:1F:23:96:4B:5F:DF:53:2D:91:C3:44:59:59:10:AB:CD";

    /// <summary>The form of Chromium: everything in the section, unknown attributes between.</summary>
    public static string Browser { get; } = Lines(
        "v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0", "a=extmap-allow-mixed", "a=msid-semantic: WMS",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0",
        "a=candidate:2302017189 1 udp 2113937151 3f1b2c4d-0000-4000-8000-0123456789ab.local 51122 typ host generation 0 network-cost 999",
        "a=ice-ufrag:mVPF", "a=ice-pwd:kmhZ2eLw6TlUGkXGMJzcnYRB", "a=ice-options:trickle", "a=fingerprint:sha-256 " + Fingerprint,
        "a=setup:actpass", "a=mid:0", "a=sctp-port:5000", "a=max-message-size:262144");

    /// <summary>The form of libdatachannel: what both sections could share stands in the session.</summary>
    public static string Shared { get; } = Lines(
        "v=0", "o=rtc 3767197920 0 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0", "a=msid-semantic:WMS *", "a=setup:actpass",
        "a=ice-ufrag:Ko/p", "a=ice-pwd:ChvAbrKlhSYOjXHIl4CB7u", "a=ice-options:ice2,trickle", "a=fingerprint:sha-256 " + Fingerprint,
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:0", "a=sendrecv", "a=sctp-port:5000", "a=max-message-size:262144");

    /// <summary>The older form, with audio before it.</summary>
    public static string Older { get; } = Lines(
        "v=0", "o=mozilla 8448668841136641781 4 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=fingerprint:sha-256 " + Fingerprint,
        "m=audio 9 UDP/TLS/RTP/SAVPF 109 9", "c=IN IP4 0.0.0.0", "a=mid:audio", "a=rtpmap:109 opus/48000/2",
        "m=application 9 DTLS/SCTP 5000", "c=IN IP4 0.0.0.0", "a=mid:data", "a=ice-ufrag:9889e0c4", "a=ice-pwd:d30a5aec4dd81f07d4ff3344209400ab",
        "a=setup:active", "a=sctpmap:5000 webrtc-datachannel 256");

    public static string[] All { get; } = [Browser, Shared, Older];

    private static string Lines(params string[] lines) => string.Join("\r\n", lines) + "\r\n";
}
