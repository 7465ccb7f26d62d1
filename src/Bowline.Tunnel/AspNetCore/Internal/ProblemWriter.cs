using System.Buffers;

namespace Bowline.Tunnel;

/// <summary>Puts a problem detail in place of a response that has not begun.</summary>
internal static class ProblemWriter
{
    /// <summary>The prefix of problem types that the app's side of the tunnel makes.</summary>
    public const string TypePrefix = "urn:bowline:app:";

    public static void Write(TunnelAppContext context, int status, string code, string title)
    {
        context.ClearResponse();
        var json = new TunnelProblem(TypePrefix + code, title, status, context.TraceIdentifier).ToJson();
        context.StatusCode = status;
        context.ResponseHeaders["Content-Type"] = TunnelProblem.ContentType;
        context.ResponseHeaders.ContentLength = json.Length;
        context.Writer.Write(json);
    }
}
