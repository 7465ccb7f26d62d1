namespace Bowline.Hub.Presence;

/// <summary>Presence as it is shown: a state, since when, the proof, and the last measured round trip.</summary>
internal readonly record struct PresenceView(LinkState State, DateTimeOffset Since, Evidence Evidence, RoundTrip? RoundTrip = null);
