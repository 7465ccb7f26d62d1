namespace Bowline.Hub.Presence;

/// <summary>Presence as it is shown: a state, since when, and the proof.</summary>
internal readonly record struct PresenceView(LinkState State, DateTimeOffset Since, Evidence Evidence);
