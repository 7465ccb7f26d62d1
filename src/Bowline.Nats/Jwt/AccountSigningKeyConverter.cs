using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>A plain signing key is a string on the wire, a scoped one an object.</summary>
internal sealed class AccountSigningKeyConverter : JsonConverter<AccountSigningKey>
{
    public override AccountSigningKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new AccountSigningKey(reader.GetString()!);
        }

        var scope = JsonSerializer.Deserialize(ref reader, JwtJson.Context.UserScope);
        return scope is { Kind: UserScope.UserScopeKind, Key: { } key }
            ? new AccountSigningKey(key) { Role = scope.Role, Template = scope.Template }
            : throw new JsonException("The signing key's scope is of an unknown kind.");
    }

    public override void Write(Utf8JsonWriter writer, AccountSigningKey value, JsonSerializerOptions options)
    {
        if (value.Template is null)
        {
            writer.WriteStringValue(value.Key);
            return;
        }

        var scope = new UserScope { Kind = UserScope.UserScopeKind, Key = value.Key, Role = value.Role ?? "", Template = value.Template.Filled() };
        JsonSerializer.Serialize(writer, scope, JwtJson.Context.UserScope);
    }
}
