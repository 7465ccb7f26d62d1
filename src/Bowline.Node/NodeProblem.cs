using System.Text;

namespace Bowline.Node;

/// <summary>Names of <see cref="NodeError"/> on the wire: <c>urn:bowline:node:hub_unreachable</c>.</summary>
internal static class NodeProblem
{
    private const string Prefix = "urn:bowline:node:";

    public static string TypeOf(NodeError error) => Prefix + CodeOf(error);

    public static string CodeOf(NodeError error)
    {
        var text = new StringBuilder();
        foreach (var c in error.ToString())
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    public static NodeError? Parse(string? type) => Enum.GetValues<NodeError>()
        .Where(error => string.Equals(TypeOf(error), type, StringComparison.Ordinal))
        .Select(error => (NodeError?)error)
        .FirstOrDefault();
}
