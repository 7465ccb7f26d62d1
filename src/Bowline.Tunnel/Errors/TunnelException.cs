namespace Bowline.Tunnel;

/// <summary>
/// The one exception of the tunnel. It is an <see cref="HttpRequestException"/>, so code written for <see cref="HttpClient"/> catches it.
/// </summary>
public sealed class TunnelException : HttpRequestException
{
    /// <summary>A failure with the text that belongs to its code.</summary>
    public TunnelException(TunnelError error, Exception? inner = null)
        : this(error, TunnelErrors.Describe(error), inner)
    {
    }

    /// <summary>A failure with a text of its own.</summary>
    public TunnelException(TunnelError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>Why, by stage and side.</summary>
    public TunnelError Error { get; }

    /// <summary>True when the request certainly was not started, so sending it again cannot run it twice.</summary>
    public bool NeverStarted => Error is TunnelError.Offline or TunnelError.Refused or TunnelError.Expired
        or TunnelError.VersionMismatch or TunnelError.RequestHeadTooLarge or TunnelError.RequestInvalid;

    /// <summary>True when sending an idempotent request again may help at once.</summary>
    public bool MayRetry => Error is TunnelError.StartUnknown or TunnelError.Refused;

    internal static TunnelException From(ResetCode code) => new(TunnelErrors.FromReset(code));

    /// <summary>The same failure for one more reader: an exception object is thrown only once, so its stack stays true.</summary>
    internal TunnelException Again() => new(Error, Message, this);
}
