using System.Text;

namespace Bowline.WebRtc;

/// <summary>Writes session descriptions in the form that browsers write (RFC 9429, section 5).</summary>
internal static class SdpWriter
{
    internal static string Write(SdpSession session)
    {
        var text = new StringBuilder()
            .Append("v=0\r\no=- ").Append(session.Id).Append(' ').Append(session.Version).Append(" IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        var bundled = session.Media.Where(static media => !media.IsRejected && media.Mid is not null).Select(static media => media.Mid).ToList();
        if (bundled.Count > 0)
        {
            text.Append("a=group:BUNDLE ").AppendJoin(' ', bundled).Append("\r\n");
        }

        foreach (var media in session.Media)
        {
            Write(text, media);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, SdpMedia media)
    {
        text.Append("m=").Append(media.Kind).Append(' ').Append(media.Port).Append(' ').Append(media.Protocol).Append(' ').Append(media.Format).Append("\r\nc=IN IP4 0.0.0.0\r\n");
        Attribute(text, "mid", media.Mid);
        if (media.IsRejected)
        {
            return;
        }

        Attribute(text, "ice-ufrag", media.UserFragment);
        Attribute(text, "ice-pwd", media.Password);
        Attribute(text, "ice-options", "trickle");
        foreach (var fingerprint in media.Fingerprints)
        {
            Attribute(text, "fingerprint", fingerprint.ToString());
        }

        Attribute(text, "setup", media.Setup switch { SdpSetup.ActPass => "actpass", SdpSetup.Active => "active", SdpSetup.Passive => "passive", _ => null });
        Attribute(text, "sctp-port", media.SctpPort.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Attribute(text, "max-message-size", media.MaxMessageSize.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach (var candidate in media.Candidates)
        {
            text.Append("a=").Append(candidate).Append("\r\n");
        }

        if (media.IsGathered)
        {
            text.Append("a=end-of-candidates\r\n");
        }
    }

    private static void Attribute(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append("a=").Append(name).Append(':').Append(value).Append("\r\n");
        }
    }
}
