using System.Reflection;
using System.Text.Json.Nodes;
using Bowline.Testing.Processes;

namespace Bowline.Nostr.Tests.Interop;

/// <summary>npm's nostr-tools in a node of its own, asked one question at a time.</summary>
public sealed class NostrTools : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestProcess? _node;

    public ValueTask InitializeAsync()
    {
        var folder = typeof(NostrTools).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "InteropFolder").Value!;
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "nostr-tools is not installed. Run: eng/setup.sh --test");
        _node = TestProcess.Start("node", [Path.Combine(folder, "interop.mjs")]);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _node?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The answer; fails the test when there is none.</summary>
    public async Task<JsonNode?> AskAsync(string operation, params JsonNode?[] arguments)
    {
        var answer = await TryAskAsync(operation, arguments);
        Assert.True(answer["error"] is null, $"{operation}: {answer["error"]}");
        return answer["result"];
    }

    /// <summary>An object with <c>result</c> or <c>error</c>.</summary>
    public async Task<JsonObject> TryAskAsync(string operation, params JsonNode?[] arguments)
    {
        JsonArray question = [operation, .. arguments];
        await _node!.WriteLineAsync(question.ToJsonString());
        return JsonNode.Parse(await _node.WaitForLineAsync(static line => line.StartsWith('{'), Patience))!.AsObject();
    }
}
