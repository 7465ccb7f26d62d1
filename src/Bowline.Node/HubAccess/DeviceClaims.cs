namespace Bowline.Node.HubAccess;

/// <summary>The claims of a device token.</summary>
internal sealed record DeviceClaims(string Sub, string Aud, long Iat, long Exp, string Jti);
