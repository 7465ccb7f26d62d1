namespace Bowline.Node.Services;

/// <summary>Why a service ended while its command still ran.</summary>
/// <param name="ReplacedBy">Who has the name now; null when the service was removed.</param>
internal sealed record ServiceEnd(ServiceOwner? ReplacedBy);
