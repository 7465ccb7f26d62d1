namespace Bowline.Hub.Links;

/// <summary>A node asks for the means to serve its link.</summary>
internal sealed record LinkSessionRequest(string? PublicKey, IReadOnlyList<string>? Capabilities, string? MachineName, string? Version);

/// <summary>Addresses, short-lived credentials and what the node is called.</summary>
internal sealed record LinkSessionResponse(LinkConnection Connection, DateTimeOffset ExpiresAt, string TunnelHostname, string DeviceId, IReadOnlyList<string> Protocols, string OwnerAccountId);

/// <summary>Where to connect and with what: a user token, or a whole creds text when the node sent no public key.</summary>
internal sealed record LinkConnection(IReadOnlyList<string> Urls, string Credentials);
