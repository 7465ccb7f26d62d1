namespace Bowline.WebRtc;

/// <summary>The pair of addresses that carries the datagrams.</summary>
/// <param name="Local">What kind the address of this side is.</param>
/// <param name="LocalEndPoint">The address of this side, as <c>address:port</c>.</param>
/// <param name="Remote">What kind the address of the other side is.</param>
/// <param name="RemoteEndPoint">The address of the other side, as <c>address:port</c>.</param>
public sealed record CandidatePair(CandidateKind Local, string LocalEndPoint, CandidateKind Remote, string RemoteEndPoint);
