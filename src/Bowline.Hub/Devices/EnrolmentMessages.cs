namespace Bowline.Hub.Devices;

/// <summary>A new code, shown once.</summary>
internal sealed record InviteResponse(string Code, DateTimeOffset ExpiresAt);

/// <summary>Step 1 of an enrolment: the node names the code and itself.</summary>
internal sealed record ChallengeRequest(string? Code, string? DeviceId);

/// <summary>What the node has to sign: 32 bytes as base64url.</summary>
internal sealed record ChallengeResponse(string Challenge, string HubId);

/// <summary>Step 2: the signed challenge.</summary>
internal sealed record EnrolmentRequest(string? Code, string? DeviceId, string? Challenge, string? Signature, string? MachineName, string? Version);

/// <summary>The device is enrolled.</summary>
internal sealed record EnrolmentResponse(string DeviceId, string Slug, string HubId, string HubName, string OwnerAccountId);
