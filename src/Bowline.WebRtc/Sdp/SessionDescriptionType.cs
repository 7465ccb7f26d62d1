namespace Bowline.WebRtc;

/// <summary>What a session description is for.</summary>
public enum SessionDescriptionType
{
    /// <summary>Proposes a session, or a change to one.</summary>
    Offer,

    /// <summary>Accepts an offer.</summary>
    Answer,
}
