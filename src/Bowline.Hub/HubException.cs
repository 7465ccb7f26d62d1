namespace Bowline.Hub;

/// <summary>A hub failed for a reason its operator can act on; the message says what, why and the next command.</summary>
public sealed class HubException : Exception
{
    /// <summary>Makes the exception without a reason of its own.</summary>
    public HubException()
        : this(HubError.OptionsInvalid, "The hub cannot run.")
    {
    }

    /// <summary>Makes the exception for an unusable option.</summary>
    public HubException(string message)
        : this(HubError.OptionsInvalid, message)
    {
    }

    /// <summary>Makes the exception for an unusable option.</summary>
    public HubException(string message, Exception innerException)
        : this(HubError.OptionsInvalid, message, innerException)
    {
    }

    /// <summary>Makes the exception.</summary>
    public HubException(HubError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The reason.</summary>
    public HubError Error { get; }
}
