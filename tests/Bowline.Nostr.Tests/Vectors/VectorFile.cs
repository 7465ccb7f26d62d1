namespace Bowline.Nostr.Tests.Vectors;

/// <summary>The files beside this one, as they are built into the tests.</summary>
internal static class VectorFile
{
    public static string Read(string name)
    {
        using var stream = typeof(VectorFile).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
