using Bowline.Hub.Devices;
using Bowline.Hub.Presence;

namespace Bowline.Hub.Console.Links;

/// <summary>Says what is known about a link in the words of the console.</summary>
internal static class LinkViews
{
    public static LinkView Of(LinkInfo link, RevocationTerm term)
    {
        var evidence = link.Presence.Evidence;
        return new LinkView(
            link.Device.Id.ToString(),
            link.Device.Slug,
            link.Device.MachineName,
            link.Status?.CliVersion ?? link.Device.Version,
            LinkResponse.StateName(link.Presence.State),
            link.Presence.Since,
            Method(evidence.Method),
            evidence.Method == EvidenceMethod.None ? null : evidence.At,
            link.Presence.RoundTrip?.Milliseconds,
            link.Presence.RoundTrip?.At,
            [.. (link.Status?.Services ?? []).Select(service => new ServiceView(service.Name, $"/open/{link.Device.Slug}/{service.Name}"))])
        {
            RevocationTerm = term.IsDelayed ? term.Words : null,
        };
    }

    private static string Method(EvidenceMethod method) => method switch
    {
        EvidenceMethod.Probe => "it answered a probe",
        EvidenceMethod.Traffic => "its traffic was seen",
        EvidenceMethod.NoResponders => "nobody listens for it",
        EvidenceMethod.Disconnected => "its connection closed",
        EvidenceMethod.ProbeTimeout => "it did not answer a probe",
        EvidenceMethod.Goodbye => "it said goodbye",
        _ => "none",
    };
}
