using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>A key that may sign users of an account. With a template, every user it signs gets exactly the template.</summary>
/// <param name="Key">The signing key's public half (A...).</param>
[JsonConverter(typeof(AccountSigningKeyConverter))]
public sealed record AccountSigningKey(string Key)
{
    /// <summary>A name for people; written only beside a template.</summary>
    public string? Role { get; init; }

    /// <summary>
    /// The permissions and limits of users signed by this key; null for a plain key. Subjects may hold <c>{{name()}}</c> and
    /// <c>{{tag(x)}}</c>. Such a user's own token must carry no permissions, no limits and no bearer flag
    /// (<see cref="UserData.Scoped"/>). Leave <see cref="UserPermissionLimits.Responses"/> null: even zeros allow one answer to any subject.
    /// </summary>
    public UserPermissionLimits? Template { get; init; }
}
