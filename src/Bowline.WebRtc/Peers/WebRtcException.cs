namespace Bowline.WebRtc;

/// <summary>The one exception of this library; <see cref="Error"/> says what happened.</summary>
public sealed class WebRtcException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="error">What happened.</param>
    /// <param name="message">What happened and what to do, for a person.</param>
    /// <param name="inner">What caused it, if something did.</param>
    public WebRtcException(WebRtcError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>What happened.</summary>
    public WebRtcError Error { get; }
}
