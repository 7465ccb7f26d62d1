using Bowline.Core.Health;

namespace Bowline.Nostr;

/// <summary>The troubles a connection to a relay can see.</summary>
public static class RelayHealth
{
    /// <summary>A relay that restarts is back within this, and nobody need hear of it.</summary>
    private static readonly TimeSpan Blip = TimeSpan.FromSeconds(10);

    /// <summary>There is no connection.</summary>
    public static readonly HealthCode Unreachable = new("relay-unreachable", "Relay cannot be reached", HealthSeverity.Warning, Blip);

    /// <summary>The relay sent events whose id or signature is wrong. Nobody saw them.</summary>
    public static readonly HealthCode Forged = new("relay-forged-events", "Relay sends forged events", HealthSeverity.Warning, TimeSpan.Zero);

    /// <summary>The relay sent what is no message, or too long a one.</summary>
    public static readonly HealthCode Garbage = new("relay-garbage", "Relay sends garbage", HealthSeverity.Warning, TimeSpan.Zero);

    /// <summary>The relay honours one key per connection, so that each further key costs a connection.</summary>
    public static readonly HealthCode OneKey = new("relay-one-key", "Relay honours one key per connection", HealthSeverity.Info, TimeSpan.Zero);

    /// <summary>More connections for keys are needed than the options allow.</summary>
    public static readonly HealthCode TooManyKeys = new("relay-too-many-keys", "Too many keys for this relay", HealthSeverity.Error, TimeSpan.Zero);

    /// <summary>Subscriptions wait because the relay allows no more at once.</summary>
    public static readonly HealthCode Full = new("relay-subscriptions-full", "Relay allows no more subscriptions", HealthSeverity.Error, TimeSpan.Zero);
}
