using System.Text.Json;

namespace Bowline.Nostr;

/// <summary>What a relay says about itself, as far as a client needs it (NIP-11). Null: it does not say.</summary>
public sealed record RelayInformation
{
    // Nobody means a lower limit, and a relay that says so would be of no use.
    private const int LeastMessageLength = 1024;

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>The longest message it takes, in bytes.</summary>
    public int? MaxMessageLength { get; init; }

    /// <summary>The most subscriptions of one connection.</summary>
    public int? MaxSubscriptions { get; init; }

    /// <summary>The most filters of one subscription.</summary>
    public int? MaxFilters { get; init; }

    /// <summary>The highest limit of a filter.</summary>
    public int? MaxLimit { get; init; }

    /// <summary>True when a key has to be proven before anything else.</summary>
    public bool AuthRequired { get; init; }

    /// <summary>Reads a document; null when it is none. A field of the wrong type counts as absent.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    public static RelayInformation? TryRead(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var limits = root.TryGetProperty("limitation"u8, out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
            return new()
            {
                Name = root.TryGetProperty("name"u8, out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null,
                MaxMessageLength = Number(limits, "max_message_length") is { } length ? Math.Max(length, LeastMessageLength) : null,
                MaxSubscriptions = Number(limits, "max_subscriptions"),
                MaxFilters = Number(limits, "max_filters"),
                MaxLimit = Number(limits, "max_limit"),
                AuthRequired = limits.ValueKind == JsonValueKind.Object && limits.TryGetProperty("auth_required"u8, out var auth) && auth.ValueKind == JsonValueKind.True,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static int? Number(JsonElement limits, string name) =>
        limits.ValueKind == JsonValueKind.Object && limits.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number) && number > 0
            ? (int)Math.Min(number, int.MaxValue)
            : null;
}
