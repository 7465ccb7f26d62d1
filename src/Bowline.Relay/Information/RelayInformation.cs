using System.Buffers;
using System.Text.Json;
using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>The NIP-11 document: made of the limits that are enforced, once.</summary>
internal static class RelayInformation
{
    public const string MediaType = "application/nostr+json";

    public static byte[] Write(RelayOptions options, RelayRules rules, NostrPublicKey self, string version)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("name", options.Name);
            writer.WriteString("description", options.Description);
            if (options.Contact is { } contact)
            {
                writer.WriteString("contact", contact.OriginalString);
            }

            writer.WriteString("self", self.ToString());
            writer.WriteStartArray("supported_nips");
            foreach (var nip in Nips(rules))
            {
                writer.WriteNumberValue(nip);
            }

            writer.WriteEndArray();
            writer.WriteString("software", "bowline");
            writer.WriteString("version", version);
            WriteLimitation(writer, rules);
            WriteOwn(writer, rules);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static IEnumerable<int> Nips(RelayRules rules)
    {
        int[] all = [1, 9, 11, 13, 40, 42, 45, 50, 70];
        return all.Where(nip => nip != 50 || rules.SupportsSearch);
    }

    /// <summary>What NIP-11 has names for.</summary>
    private static void WriteLimitation(Utf8JsonWriter writer, RelayRules rules)
    {
        var limits = rules.Limits;
        writer.WriteStartObject("limitation");
        writer.WriteNumber("max_message_length", limits.MessageBytes);
        writer.WriteNumber("max_subscriptions", limits.Subscriptions);
        writer.WriteNumber("max_filters", limits.Filters);
        writer.WriteNumber("max_limit", limits.Limit);
        writer.WriteNumber("default_limit", limits.Limit);
        writer.WriteNumber("max_subid_length", limits.SubscriptionIdLength);
        writer.WriteNumber("max_event_tags", limits.Tags);
        writer.WriteNumber("max_content_length", limits.ContentBytes);
        writer.WriteNumber("min_pow_difficulty", rules.MinimumDifficulty);
        writer.WriteBoolean("auth_required", rules.Access.AuthenticationRequired);
        writer.WriteBoolean("payment_required", false);
        writer.WriteBoolean("restricted_writes", rules.Access.Writers is not null || rules.MinimumDifficulty > 0);
        writer.WriteNumber("created_at_upper_limit", (long)limits.CreatedAhead.TotalSeconds);
        writer.WriteEndObject();
    }

    /// <summary>What it has none for, and our extension.</summary>
    private static void WriteOwn(Utf8JsonWriter writer, RelayRules rules)
    {
        var limits = rules.Limits;
        writer.WriteStartObject("bowline");
        writer.WriteNumber("presence", 1);
        writer.WriteStartObject("limits");
        writer.WriteNumber("filter_values", limits.FilterValues);
        WriteRate(writer, "events_per_connection", limits.EventsPerConnection);
        WriteRate(writer, "events_per_address", limits.EventsPerAddress);
        WriteRate(writer, "requests_per_connection", limits.RequestsPerConnection);
        WriteRate(writer, "requests_per_address", limits.RequestsPerAddress);
        writer.WriteNumber("connections_per_address", limits.ConnectionsPerAddress);
        writer.WriteNumber("outgoing_bytes", limits.OutgoingBytes);
        writer.WriteNumber("strikes", limits.Strikes);
        writer.WriteNumber("pending", limits.Pending);
        writer.WriteNumber("queries_per_connection", limits.QueriesPerConnection);
        writer.WriteNumber("queries", limits.Queries);
        writer.WriteNumber("authenticated_keys", limits.AuthenticatedKeys);
        writer.WriteNumber("presences", limits.Presences);
        writer.WriteNumber("ping_after_seconds", limits.PingAfter.TotalSeconds);
        writer.WriteNumber("patience_seconds", limits.Patience.TotalSeconds);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteRate(Utf8JsonWriter writer, string name, RelayRate? rate)
    {
        if (rate is not { } value)
        {
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteNumber("per_second", value.PerSecond);
        writer.WriteNumber("burst", value.Burst);
        writer.WriteEndObject();
    }
}
