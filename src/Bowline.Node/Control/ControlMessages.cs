using Bowline.Node.Services;

namespace Bowline.Node.Control;

/// <summary>Asks the node to expose a service.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Target">The local address.</param>
/// <param name="Keep">Outlive the request, and a restart of the node.</param>
/// <param name="Inspect">Report each exchange.</param>
/// <param name="Http2">Speak HTTP/2 to the target.</param>
/// <param name="Replace">Take the name from whoever has it.</param>
/// <param name="ProcessId">The asking process, for the message to whoever wants the name next.</param>
public sealed record ExposeRequest(string? Name, string? Target, bool Keep, bool Inspect, bool Http2 = false, bool Replace = false, int ProcessId = 0);

/// <summary>One line of the answer to an expose request: first the service, then exchanges.</summary>
/// <param name="Service">The service as it is served now.</param>
/// <param name="Node">The node's name at the hub.</param>
/// <param name="Hub">The hub's address.</param>
/// <param name="Exchange">A finished exchange.</param>
/// <param name="Skipped">Exchanges that were not reported because the reader was slower than they came.</param>
/// <param name="Ended">Why the service ended although the command still runs; the last line.</param>
public sealed record ExposeLine(ServiceRecord? Service, string? Node, Uri? Hub, ExchangeRecord? Exchange, int? Skipped, string? Ended = null);

/// <summary>Which hub the node left.</summary>
/// <param name="Hub">Its address.</param>
/// <param name="Told">False when the hub could not be told; its owner should revoke the device there.</param>
public sealed record LeaveResult(Uri Hub, bool Told);
