using System.Text.Json.Serialization;

namespace Bowline.Tunnel;

/// <summary>An RFC 9457 problem: what a gateway or a node answers instead of a response.</summary>
/// <param name="Type">A name that programs compare, <c>urn:bowline:tunnel:&lt;code&gt;</c>.</param>
/// <param name="Title">One sentence for people.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="TraceId">Where the operator of the node finds more; nothing else about the cause crosses the wire.</param>
public sealed record TunnelProblem(string Type, string Title, int Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceId = null)
{
    /// <summary>The media type of problem details.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>The prefix of every type.</summary>
    public const string TypePrefix = "urn:bowline:tunnel:";

    /// <summary>What a gateway answers when the tunnel failed with this error.</summary>
    public static TunnelProblem From(TunnelException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(TypePrefix + TunnelErrors.Code(exception.Error), exception.Message, TunnelErrors.StatusCode(exception.Error));
    }

    /// <summary>The problem as JSON.</summary>
    public byte[] ToJson() => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(this, TunnelJson.Default.TunnelProblem);
}
