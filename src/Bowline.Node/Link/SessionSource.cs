using Bowline.Nats.NKeys;
using Bowline.Node.HubAccess;

namespace Bowline.Node.Link;

/// <summary>Asks the hub for link sessions, each with an nkey of its own whose seed never leaves the process.</summary>
/// <param name="hub">The hub's API.</param>
/// <param name="tokens">Proves this device.</param>
/// <param name="options">The machine's name.</param>
/// <param name="owned">Told which account owns this node, before any caller can come.</param>
internal sealed class SessionSource(HubApi hub, DeviceTokenMaker tokens, NodeOptions options, Action<string?> owned) : ISessionSource
{
    // What this node can do, for the hub's choice; runs come with their own issue.
    internal static readonly string[] Capabilities = ["tunnel.v2"];

    // Less than this left of a fresh session means that the clocks or the hub are out of order; try again rather than spin.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);

    public async Task<LinkSession> FetchAsync(CancellationToken cancellationToken)
    {
        using var key = NKeyPair.Create(NKeyType.User);
        var request = new SessionRequest(key.PublicKey, Capabilities, options.MachineName, NodeVersion.Text);
        var response = await hub.SessionAsync(request, tokens.Make, cancellationToken);
        var urls = response.Connection.Urls.Select(text => new Uri(text, UriKind.Absolute)).ToList();
        var life = response.ExpiresAt - hub.Clock.HubNow;
        if (urls.Count == 0 || life < ShortestLife)
        {
            throw new NodeException(NodeError.HubUnavailable, "The hub granted a link session without an address or without time.");
        }

        owned(response.OwnerAccountId);
        return new LinkSession(urls, response.Connection.Credentials, key.Seed, life);
    }
}
