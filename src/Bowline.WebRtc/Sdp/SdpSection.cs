using System.Buffers;
using System.Globalization;

namespace Bowline.WebRtc;

/// <summary>A media section while it is read; or the attributes of the session, which hold for sections that have none of their own.</summary>
internal sealed class SdpSection
{
    private const int LongestCredential = 256;
    private const int ShortestUserFragment = 4;
    private const int ShortestPassword = 22;

    private static readonly SearchValues<char> IceCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=");

    private readonly List<SdpFingerprint> _fingerprints = [];
    private readonly List<CandidateLine> _candidates = [];
    private int _fingerprintCount;
    private string? _mid;
    private string? _userFragment;
    private string? _password;
    private SdpSetup? _setup;
    private ushort? _sctpPort;
    private ulong _maxMessageSize = SdpMedia.DefaultMaxMessageSize;
    private bool _isGathered;

    internal string Kind { get; init; } = "";

    internal int Port { get; init; }

    internal string Protocol { get; init; } = "";

    internal string Format { get; init; } = "";

    /// <summary>Takes an attribute; gives what is wrong with it, if something is.</summary>
    internal string? TakeAttribute(string attribute)
    {
        var colon = attribute.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = colon < 0 ? (attribute, "") : (attribute[..colon], attribute[(colon + 1)..].Trim());
        return name switch
        {
            "mid" => Set(ref _mid, value, value.Length is > 0 and <= LongestCredential, "a mid is 1 to 256 characters"),
            "ice-ufrag" => Set(ref _userFragment, value, IsCredential(value, ShortestUserFragment), "an ice-ufrag is 4 to 256 ice characters"),
            "ice-pwd" => Set(ref _password, value, IsCredential(value, ShortestPassword), "an ice-pwd is 22 to 256 ice characters"),
            "fingerprint" => TakeFingerprint(value),
            "setup" => TakeSetup(value),
            "candidate" => TakeCandidate(attribute),
            "end-of-candidates" => TakeEnd(),
            "sctp-port" => TakePort(value),
            "sctpmap" => TakePort(value.Split(' ')[0]),
            "max-message-size" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _maxMessageSize) ? null : "a max-message-size is a number",
            _ => null,
        };
    }

    internal SdpMedia Build(SdpSection shared) => new()
    {
        Kind = Kind,
        Port = Port,
        Protocol = Protocol,
        Format = Format,
        Mid = _mid,
        UserFragment = _userFragment ?? shared._userFragment,
        Password = _password ?? shared._password,
        Fingerprints = [.. _fingerprints.Count > 0 ? _fingerprints : shared._fingerprints],
        Setup = _setup ?? shared._setup,
        // The older form names its port where today's has "webrtc-datachannel" (draft-ietf-mmusic-sctp-sdp-05).
        SctpPort = _sctpPort ?? (ushort.TryParse(Format, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : SctpPorts.Local),
        MaxMessageSize = _maxMessageSize,
        Candidates = [.. _candidates],
        IsGathered = _isGathered || shared._isGathered,
    };

    private static bool IsCredential(string value, int shortest) =>
        value.Length >= shortest && value.Length <= LongestCredential && !value.AsSpan().ContainsAnyExcept(IceCharacters);

    private static string? Set(ref string? field, string value, bool isValid, string problem)
    {
        field = value;
        return isValid ? null : problem;
    }

    private string? TakeFingerprint(string value)
    {
        if (++_fingerprintCount > SdpReader.MostFingerprints)
        {
            return $"there are more than {SdpReader.MostFingerprints} fingerprints";
        }

        if (!SdpFingerprint.TryParse(value, out var fingerprint))
        {
            return "a fingerprint is an algorithm and as many bytes in hexadecimal as it has, with colons";
        }

        if (fingerprint is not null)
        {
            _fingerprints.Add(fingerprint);
        }

        return null;
    }

    private string? TakeSetup(string value)
    {
        _setup = value switch { "actpass" => SdpSetup.ActPass, "active" => SdpSetup.Active, "passive" => SdpSetup.Passive, _ => null };
        return _setup is null ? "setup is actpass, active or passive" : null;
    }

    private string? TakeCandidate(string attribute)
    {
        if (_candidates.Count == SdpReader.MostCandidates)
        {
            return $"there are more than {SdpReader.MostCandidates} candidates";
        }

        if (!CandidateLine.TryParse(attribute, out var candidate, out var problem))
        {
            return problem;
        }

        _candidates.Add(candidate);
        return null;
    }

    private string? TakeEnd()
    {
        _isGathered = true;
        return null;
    }

    private string? TakePort(string value)
    {
        if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return "an SCTP port is 1 to 65535";
        }

        _sctpPort = port;
        return null;
    }
}
