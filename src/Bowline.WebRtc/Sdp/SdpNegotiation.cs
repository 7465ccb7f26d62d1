namespace Bowline.WebRtc;

/// <summary>The decisions of offer and answer (RFC 9429, section 5; RFC 8842). Pure.</summary>
internal static class SdpNegotiation
{
    internal const string Protocol = "UDP/DTLS/SCTP";
    internal const string Format = "webrtc-datachannel";

    /// <summary>Reads a description and finds what data channels need in it.</summary>
    internal static (SdpSession Session, SdpMedia Data) Read(SessionDescription description)
    {
        if (!SdpReader.TryRead(description.Sdp, out var session, out var problem))
        {
            throw new WebRtcException(WebRtcError.MalformedDescription, $"The {description.Type.ToString().ToLowerInvariant()} cannot be read: {problem}.");
        }

        var data = session!.Data ?? throw new WebRtcException(WebRtcError.NothingInCommon, "The description has no section for data channels.");
        if (data.UserFragment is null || data.Password is null)
        {
            throw new WebRtcException(WebRtcError.MalformedDescription, "The section for data channels has no ice-ufrag and ice-pwd.");
        }

        if (!new PeerFingerprints(data.Fingerprints).HasUsable)
        {
            throw new WebRtcException(WebRtcError.MalformedDescription, "The section for data channels has no fingerprint of SHA-256 or better.");
        }

        if (description.Type == SessionDescriptionType.Answer && data.Setup is not (SdpSetup.Active or SdpSetup.Passive))
        {
            throw new WebRtcException(WebRtcError.MalformedDescription, "An answer says whether its side is active or passive in setup.");
        }

        return (session, data);
    }

    /// <summary>Whether this side is the DTLS client in its answer: as before, else what the offer leaves to it.</summary>
    internal static bool IsClientAsAnswerer(SdpSetup? offered, bool? before) => before ?? offered is not SdpSetup.Active;

    /// <summary>The longest message to send: what the other side takes (0 is any), but no more than we do ourselves.</summary>
    internal static int LongestToSend(ulong theirs, int ours) => theirs == 0 || theirs > (ulong)ours ? ours : (int)theirs;

    /// <summary>The sections of an answer: ours where the offer has its data section, the others rejected.</summary>
    internal static IReadOnlyList<SdpMedia> AnswerSections(SdpSession offer, SdpMedia offered, SdpMedia ours) =>
        [.. offer.Media.Select(media => ReferenceEquals(media, offered) ? ours : media.Reject())];
}
