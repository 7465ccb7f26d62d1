using System.Buffers.Text;
using System.Text;
using Bowline.Core.Identity;
using Bowline.Hub.Accounts;
using Bowline.Hub.Audit;
using Bowline.Hub.Problems;
using Bowline.Hub.Store;

namespace Bowline.Hub.Devices;

/// <summary>Turns a code and a signature into an enrolled device. Unknown, used and expired codes look alike.</summary>
internal sealed class EnrolmentService(
    HubDatabase database,
    HubIdentity hub,
    InviteStore invites,
    DeviceStore devices,
    Challenges challenges,
    AuditLog audit)
{
    private const int MaxText = 64;

    /// <summary>Raised after a device was enrolled.</summary>
    public event EventHandler<DeviceEnrolledEventArgs>? Enrolled;

    public (string Code, DateTimeOffset ExpiresAt) Invite(HubPrincipal by, string address)
    {
        var invite = invites.Create(by.Account!.Id);
        audit.Write(by.Actor, "invite.created", by.Account.Name, address);
        return invite;
    }

    public (ChallengeResponse? Response, HubProblemCode? Refusal) Challenge(ChallengeRequest request)
    {
        if (!DeviceId.TryParse(request.DeviceId, out var device))
        {
            return (null, HubProblemCode.BadRequest);
        }

        return InviteCode.TryNormalise(request.Code, out var code) && invites.IsUsable(code)
            ? (new ChallengeResponse(challenges.Create(code, device), hub.Id), null)
            : (null, HubProblemCode.CodeInvalid);
    }

    public (EnrolmentResponse? Response, HubProblemCode? Refusal) Enrol(EnrolmentRequest request, string address)
    {
        if (!DeviceId.TryParse(request.DeviceId, out var device)
            || request.MachineName is not { Length: > 0 and <= MaxText } || request.Version is not { Length: > 0 and <= MaxText }
            || request.MachineName.Any(char.IsControl) || request.Version.Any(char.IsControl))
        {
            return (null, HubProblemCode.BadRequest);
        }

        if (!InviteCode.TryNormalise(request.Code, out var code)
            || !challenges.IsValid(request.Challenge, code, device)
            || !IsSigned(request, device))
        {
            return (null, HubProblemCode.CodeInvalid);
        }

        var enrolled = Store(request, code, device);
        if (enrolled is { Device: { } stored })
        {
            audit.Write("device:" + device, "device.enrolled", stored.Slug, address, request.MachineName);
            Enrolled?.Invoke(this, new DeviceEnrolledEventArgs(stored));
            return (new EnrolmentResponse(device.ToString(), stored.Slug, hub.Id, hub.Name, stored.AccountId), null);
        }

        return (null, enrolled.Refusal);
    }

    private (Device? Device, HubProblemCode? Refusal) Store(EnrolmentRequest request, string code, DeviceId device) =>
        database.Write(db =>
        {
            if (invites.Consume(db, code) is not { } account)
            {
                return ((Device?)null, (HubProblemCode?)HubProblemCode.CodeInvalid);
            }

            var stored = devices.Enrol(db, device, account, request.MachineName!, request.Version!);
            return (stored, stored is null ? HubProblemCode.AlreadyEnrolled : null);
        });

    private bool IsSigned(EnrolmentRequest request, DeviceId device)
    {
        Span<byte> signature = stackalloc byte[64];
        return request.Signature is { Length: 86 }
            && Base64Url.IsValid(request.Signature)
            && Base64Url.TryDecodeFromChars(request.Signature, signature, out var written) && written == signature.Length
            && device.Verify(Encoding.UTF8.GetBytes($"bowline-enrol-v1\n{hub.Id}\n{request.Challenge}\n{device}"), signature);
    }
}
