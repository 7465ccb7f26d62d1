namespace Bowline.WebRtc;

/// <summary>A session description, as far as data channels are concerned.</summary>
internal sealed record SdpSession(ulong Id, ulong Version, IReadOnlyList<SdpMedia> Media)
{
    /// <summary>The first section that data channels can be made of.</summary>
    internal SdpMedia? Data => Media.FirstOrDefault(static media => media.IsData);
}
