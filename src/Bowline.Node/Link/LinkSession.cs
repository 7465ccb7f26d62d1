namespace Bowline.Node.Link;

/// <summary>What the hub granted: where to connect, as whom, and for how long.</summary>
/// <param name="Urls">Addresses this node can reach, in the order to try.</param>
/// <param name="Jwt">The user JWT that names <paramref name="Seed"/>'s public half.</param>
/// <param name="Seed">The seed of the user nkey this node made for the session; never leaves the process.</param>
/// <param name="Life">How long the credentials live, counted from their receipt, so that no clock has to agree with the hub's.</param>
internal sealed record LinkSession(IReadOnlyList<Uri> Urls, string Jwt, string Seed, TimeSpan Life);
