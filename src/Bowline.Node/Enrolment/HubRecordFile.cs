using System.Text.Json;
using Bowline.Core.Files;

namespace Bowline.Node.Enrolment;

/// <summary>Reads and writes <c>hub.json</c>.</summary>
public static class HubRecordFile
{
    /// <summary>The hub this folder's node has joined; null when none.</summary>
    /// <exception cref="NodeException">The file is damaged.</exception>
    public static HubRecord? Read(NodeFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!File.Exists(folder.HubFile))
        {
            return null;
        }

        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(folder.HubFile), NodeJson.Default.HubRecord);
            return record is { Url: not null, DeviceId: not null } ? record : throw new JsonException("it names no hub");
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new NodeException(NodeError.FolderUnusable, $"{folder.HubFile} cannot be read: {failure.Message} Delete it and join the hub again.", failure);
        }
    }

    /// <summary>The hub this folder's node has joined.</summary>
    /// <exception cref="NodeException">None, or the file is damaged.</exception>
    public static HubRecord Require(NodeFolder folder) => Read(folder)
        ?? throw new NodeException(NodeError.NotJoined, "This node has not joined a hub.");

    internal static void Write(NodeFolder folder, HubRecord record) =>
        SecretFile.Write(folder.HubFile, JsonSerializer.SerializeToUtf8Bytes(record, NodeJson.Default.HubRecord));

    internal static void Delete(NodeFolder folder) => File.Delete(folder.HubFile);
}
