using System.Xml.Linq;

namespace Bowline.Architecture.Tests;

/// <summary>Dependencies point one way: Core, then the protocol libraries, then what uses them, then hub and node, then the CLI.</summary>
public sealed class ProjectGraphTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Nats"] = ["Core"],
        ["Nostr"] = ["Core"],
        ["WebRtc"] = ["Core"],
        ["Tunnel"] = ["Core", "Nats"],
        ["Runs"] = ["Core", "Nats"],
        ["Relay"] = ["Core", "Nostr"],
        ["Mesh"] = ["Core", "Nostr", "WebRtc"],
        ["Agents"] = ["Core", "Nostr"],
        ["Hub"] = ["Core", "Nats", "Nostr", "Tunnel", "Runs", "Relay", "Agents"],
        ["Node"] = ["Core", "Nats", "Nostr", "WebRtc", "Tunnel", "Runs", "Mesh", "Agents"],
        ["Cli"] = ["Core", "Hub", "Node"],
        ["Testing"] = ["Core", "Nats", "Nostr", "WebRtc", "Tunnel"],
    };

    public static TheoryData<string> Projects() => [.. Directory
        .GetDirectories(Path.Combine(Repository.Root, "src"))
        .Select(folder => Path.GetFileName(folder)["Bowline.".Length..])
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_its_layer_may(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"Bowline.{project} has no place in the graph: add it to this test and to ARCHITECTURE.md.");
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", $"Bowline.{project}", $"Bowline.{project}.csproj"));
        var references = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)["Bowline.".Length..]);
        Assert.Empty(references.Except(allowed, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_source_project_has_its_test_project()
    {
        var missing = Projects().Select(row => row.Data)
            .Where(project => !Directory.Exists(Path.Combine(Repository.Root, "tests", $"Bowline.{project}.Tests")));
        Assert.Empty(missing);
    }
}
