using System.Buffers.Text;
using System.Text;
using Bowline.WebRtc;

namespace DataChannelChat;

/// <summary>A description as one line that a person pastes: <c>offer.</c> or <c>answer.</c>, and the SDP in base64url.</summary>
internal static class Invitation
{
    /// <summary>Characters of a line. A terminal itself cuts a typed line after 4095.</summary>
    private const int Longest = 16 * 1024;

    public static string Write(SessionDescription description) =>
        $"{Prefix(description.Type)}{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(description.Sdp))}";

    /// <exception cref="FormatException">It is no such line; the message says what is wrong with it.</exception>
    public static SessionDescription Read(string line, SessionDescriptionType wanted)
    {
        line = line.Trim();
        var other = wanted == SessionDescriptionType.Offer ? SessionDescriptionType.Answer : SessionDescriptionType.Offer;
        if (line.StartsWith(Prefix(other), StringComparison.Ordinal))
        {
            throw new FormatException($"This is an {Name(other)}; here the {Name(wanted)} of the other terminal is needed.");
        }

        if (!line.StartsWith(Prefix(wanted), StringComparison.Ordinal))
        {
            throw new FormatException($"This is not the line of the other terminal, which begins with '{Prefix(wanted)}'.");
        }

        if (line.Length > Longest)
        {
            throw new FormatException($"This line is longer than {Longest} characters, which no {Name(wanted)} is.");
        }

        var text = line.AsSpan(Prefix(wanted).Length);
        return Base64Url.IsValid(text)
            ? new(wanted, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)))
            : throw new FormatException($"This {Name(wanted)} has been damaged on its way; copy the whole line once more.");
    }

    private static string Prefix(SessionDescriptionType type) => type == SessionDescriptionType.Offer ? "offer." : "answer.";

    private static string Name(SessionDescriptionType type) => type == SessionDescriptionType.Offer ? "offer" : "answer";
}
