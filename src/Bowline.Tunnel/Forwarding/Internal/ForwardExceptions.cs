using System.Security.Authentication;

namespace Bowline.Tunnel;

/// <summary>Marks a failure of the caller's body inside the HTTP client's own exceptions.</summary>
internal sealed class RequestBodyException(Exception inner) : IOException("The body of the request could not be read.", inner);

/// <summary>Marks a refused certificate inside the HTTP client's own exceptions.</summary>
internal sealed class CertificateException(string why) : AuthenticationException(why);

/// <summary>Marks a service that answers instead of reading inside the HTTP client's own exceptions.</summary>
internal sealed class EarlyAnswerException() : IOException("The service answers while it does not read the request.");
