using System.Reflection;

namespace Bowline.Relay.Tests.Interop;

/// <summary>Where the clients from npm lie.</summary>
internal static class InteropFolder
{
    public static string Path { get; } = typeof(InteropFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "InteropFolder").Value!;

    /// <summary>A file in it; fails when what npm installs is missing.</summary>
    public static string File(string name)
    {
        Assert.True(Directory.Exists(System.IO.Path.Combine(Path, "node_modules")), "The clients are not installed. Run: eng/setup.sh --test");
        return System.IO.Path.Combine(Path, name);
    }
}
