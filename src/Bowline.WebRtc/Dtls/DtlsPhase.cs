namespace Bowline.WebRtc;

internal enum DtlsPhase
{
    New,
    Handshaking,
    Connected,
    Ended,
}
