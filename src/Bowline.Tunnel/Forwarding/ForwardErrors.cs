using System.Net.Sockets;

namespace Bowline.Tunnel;

/// <summary>What each <see cref="ForwardError"/> means to HTTP and to people.</summary>
public static class ForwardErrors
{
    /// <summary>The prefix of the problem types.</summary>
    public const string TypePrefix = "urn:bowline:forward:";

    /// <summary>The code as it is written in <c>urn:bowline:forward:&lt;code&gt;</c>.</summary>
    public static string Code(ForwardError error) => error switch
    {
        ForwardError.RequestInvalid => "request_invalid",
        ForwardError.NameUnknown => "name_unknown",
        ForwardError.Refused => "refused",
        ForwardError.ConnectTimeout => "connect_timeout",
        ForwardError.CertificateRejected => "certificate_rejected",
        ForwardError.TlsFailed => "tls_failed",
        ForwardError.RequestBodyFailed => "request_body_failed",
        ForwardError.HeadTimeout => "head_timeout",
        ForwardError.EarlyAnswer => "early_answer",
        ForwardError.ConnectionLost => "connection_lost",
        ForwardError.ResponseInvalid => "response_invalid",
        ForwardError.ResponseHeadTooLarge => "response_head_too_large",
        ForwardError.UpgradeInvalid => "upgrade_invalid",
        ForwardError.ResponseBodyFailed => "response_body_failed",
        ForwardError.CallerGone => "caller_gone",
        _ => "none",
    };

    /// <summary>The status the caller gets when the response had not begun.</summary>
    public static int StatusCode(ForwardError error) => error switch
    {
        ForwardError.RequestInvalid or ForwardError.RequestBodyFailed => 400,
        ForwardError.ConnectTimeout or ForwardError.HeadTimeout => 504,
        ForwardError.CallerGone => 499,
        _ => 502,
    };

    /// <summary>One sentence for people. It names no address: what stands behind a node is the node's business.</summary>
    public static string Describe(ForwardError error) => error switch
    {
        ForwardError.RequestInvalid => "The request cannot be sent to the service.",
        ForwardError.NameUnknown => "The service's host name is not known on the node.",
        ForwardError.Refused => "Nothing listens at the service's address.",
        ForwardError.ConnectTimeout => "The service's address did not answer in time.",
        ForwardError.CertificateRejected => "The service's certificate is not valid for it.",
        ForwardError.TlsFailed => "No secure connection to the service could be made.",
        ForwardError.RequestBodyFailed => "The body of the request could not be read to its end.",
        ForwardError.HeadTimeout => "The service did not answer in time.",
        ForwardError.EarlyAnswer => "The service answers while it still reads the request, which needs HTTP/2 (expose --http2).",
        ForwardError.ConnectionLost => "The service closed the connection without an answer.",
        ForwardError.ResponseInvalid => "The service's answer is not valid HTTP.",
        ForwardError.ResponseHeadTooLarge => "The head of the service's answer is over the limit.",
        ForwardError.UpgradeInvalid => "The service changed to a protocol it was not asked for.",
        ForwardError.ResponseBodyFailed => "The service closed the connection before the end of its answer.",
        ForwardError.CallerGone => "The caller gave up.",
        _ => "The request was forwarded.",
    };

    /// <summary>What an exception of the HTTP client before the response head stands for.</summary>
    internal static ForwardError Classify(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case RequestBodyException:
                    return ForwardError.RequestBodyFailed;
                case EarlyAnswerException:
                    return ForwardError.EarlyAnswer;
                case CertificateException:
                    return ForwardError.CertificateRejected;
                case TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut }:
                    return ForwardError.ConnectTimeout;
                case SocketException { SocketErrorCode: SocketError.TryAgain or SocketError.HostNotFound or SocketError.NoData }:
                    return ForwardError.NameUnknown;
            }
        }

        return exception is HttpRequestException http ? Classify(http) : exception is FormatException or InvalidOperationException or NotSupportedException ? ForwardError.RequestInvalid : ForwardError.ConnectionLost;
    }

    private static ForwardError Classify(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => ForwardError.NameUnknown,
        HttpRequestError.ConnectionError => ForwardError.Refused,
        HttpRequestError.SecureConnectionError => ForwardError.TlsFailed,
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError => ForwardError.ResponseInvalid,
        HttpRequestError.ConfigurationLimitExceeded => ForwardError.ResponseHeadTooLarge,
        _ => ForwardError.ConnectionLost,
    };
}
