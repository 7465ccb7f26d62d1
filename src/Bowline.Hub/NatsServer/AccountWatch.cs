using System.Text;
using Bowline.Nats;

namespace Bowline.Hub.NatsServer;

/// <summary>Sees the account tokens that others push to the cluster.</summary>
/// <param name="subject">Where they are pushed.</param>
/// <param name="seen">Told each token; runs on the connection's read loop.</param>
internal sealed class AccountWatch(string subject, Action<string> seen) : NatsSubBase(subject, queueGroup: null)
{
    protected override void Receive(in NatsRawMsg msg) => seen(Encoding.UTF8.GetString(msg.Payload));

    /// <summary>The subjects on which servers take tokens of this account.</summary>
    public static IEnumerable<string> Subjects(string account) =>
        ["$SYS.REQ.CLAIMS.UPDATE", $"$SYS.REQ.ACCOUNT.{account}.CLAIMS.UPDATE", $"$SYS.ACCOUNT.{account}.CLAIMS.UPDATE"];
}
