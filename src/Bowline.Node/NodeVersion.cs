using System.Reflection;

namespace Bowline.Node;

/// <summary>The version this node says it is.</summary>
public static class NodeVersion
{
    /// <summary>Like <c>0.1.0</c>, with the commit after a plus sign when the build knew it.</summary>
    public static string Text { get; } =
        typeof(NodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
