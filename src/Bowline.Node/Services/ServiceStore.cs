using System.Text.Json;
using Bowline.Core.Files;

namespace Bowline.Node.Services;

/// <summary>The services that outlive a restart, in <c>services.json</c>.</summary>
internal sealed class ServiceStore(NodeFolder folder)
{
    /// <summary>What was written last; empty at first.</summary>
    /// <exception cref="NodeException">The file is damaged.</exception>
    public IReadOnlyList<ServiceRecord> Read()
    {
        if (!File.Exists(folder.ServicesFile))
        {
            return [];
        }

        try
        {
            var records = JsonSerializer.Deserialize(File.ReadAllBytes(folder.ServicesFile), NodeJson.Default.IReadOnlyListServiceRecord) ?? [];
            var wrong = records.Select(record => ServiceRules.CheckName(record.Name) ?? ServiceRules.CheckTarget(record.Target)).FirstOrDefault(why => why is not null);
            return wrong is null ? records : throw new JsonException(wrong);
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new NodeException(NodeError.FolderUnusable, $"{folder.ServicesFile} cannot be read: {failure.Message} Mend it, or delete it and expose the services again.", failure);
        }
    }

    public void Write(IReadOnlyList<ServiceRecord> records) =>
        SecretFile.Write(folder.ServicesFile, JsonSerializer.SerializeToUtf8Bytes(records, NodeJson.Default.IReadOnlyListServiceRecord));
}
