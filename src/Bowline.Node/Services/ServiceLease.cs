namespace Bowline.Node.Services;

/// <summary>One command's hold on a service.</summary>
/// <param name="Service">The service as it is served.</param>
/// <param name="Ended">Completes when somebody else ended it.</param>
internal sealed record ServiceLease(ServiceRecord Service, Task<ServiceEnd> Ended);
