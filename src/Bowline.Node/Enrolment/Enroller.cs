using System.Buffers.Text;
using System.Text;
using Bowline.Core.Identity;
using Bowline.Nats.NKeys;
using Bowline.Node.HubAccess;

namespace Bowline.Node.Enrolment;

/// <summary>Joins a hub with a code, and leaves it.</summary>
/// <param name="folder">The node's folder.</param>
/// <param name="http">Reaches the hub; not disposed here.</param>
/// <param name="time">The clock.</param>
public sealed class Enroller(NodeFolder folder, HttpClient http, TimeProvider time)
{
    /// <summary>Proves this device's key to the hub, gives the code and keeps what the hub answers.</summary>
    /// <param name="hub">The hub's address.</param>
    /// <param name="code">A code of <c>bowline hub invite</c> or the console.</param>
    /// <param name="machineName">This machine's name for people.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="NodeException">The hub was not reached or refused.</exception>
    public async Task<HubRecord> JoinAsync(Uri hub, string code, string machineName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        using var key = LoadKey();
        var api = new HubApi(http, hub, new HubClock(time));
        var deviceId = key.Id.ToString();
        var trimmed = code.Trim();
        var asked = await api.ChallengeAsync(new ChallengeRequest(trimmed, deviceId), cancellationToken);
        var proof = key.Sign(Encoding.UTF8.GetBytes($"bowline-enrol-v1\n{asked.HubId}\n{asked.Challenge}\n{deviceId}"));
        var enrolled = await api.EnrolAsync(
            new EnrolmentRequest(trimmed, deviceId, asked.Challenge, Base64Url.EncodeToString(proof), machineName, NodeVersion.Text),
            cancellationToken);
        var record = new HubRecord(new Uri(api.Origin), enrolled.HubId, enrolled.HubName, deviceId, enrolled.Slug, time.GetUtcNow());
        HubRecordFile.Write(folder, record);
        return record;
    }

    /// <summary>True when this folder's node has joined this hub and the hub still knows it.</summary>
    /// <exception cref="NodeException">The hub could not be asked.</exception>
    public async Task<bool> IsEnrolledAsync(Uri hub, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hub);
        if (HubRecordFile.Read(folder) is not { } record || record.Url.Authority != hub.Authority)
        {
            return false;
        }

        using var key = LoadKey();
        using var probe = NKeyPair.Create(NKeyType.User);
        var clock = new HubClock(time);
        var api = new HubApi(http, record.Url, clock);
        try
        {
            await api.SessionAsync(new SessionRequest(probe.PublicKey, [], Environment.MachineName, NodeVersion.Text), new DeviceTokenMaker(key, api.Origin, clock).Make, cancellationToken);
            return true;
        }
        catch (NodeException failure) when (failure.Error == NodeError.DeviceUnknown)
        {
            return false;
        }
    }

    /// <summary>Tells the hub to forget this device, and forgets the hub.</summary>
    /// <param name="evenIfUnreachable">Forget the hub although it could not be told.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The hub that was left, and whether it knows.</returns>
    /// <exception cref="NodeException">No hub was joined, or it could not be told.</exception>
    public async Task<(HubRecord Hub, bool Told)> LeaveAsync(bool evenIfUnreachable, CancellationToken cancellationToken)
    {
        var record = HubRecordFile.Require(folder);
        using var key = LoadKey();
        var clock = new HubClock(time);
        var api = new HubApi(http, record.Url, clock);
        var told = true;
        try
        {
            await api.LeaveAsync(new DeviceTokenMaker(key, api.Origin, clock).Make, cancellationToken);
        }
        catch (NodeException failure) when (failure.Error == NodeError.DeviceUnknown || evenIfUnreachable)
        {
            // What the hub does not know, or cannot be asked about, can still be forgotten here.
            told = failure.Error == NodeError.DeviceUnknown;
        }

        HubRecordFile.Delete(folder);
        return (record, told);
    }

    private DeviceKey LoadKey()
    {
        try
        {
            return DeviceKey.LoadOrCreate(folder.DeviceKeyFile);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new NodeException(NodeError.FolderUnusable, failure.Message, failure);
        }
    }
}
