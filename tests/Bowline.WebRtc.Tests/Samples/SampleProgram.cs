using Bowline.Testing.Processes;

namespace Bowline.WebRtc.Tests.Samples;

/// <summary>A sample as a process. It was built with the tests, into the folder beside theirs.</summary>
internal static class SampleProgram
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static TestProcess Start(string name, params string[] arguments)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return TestProcess.Start(Path.Combine(own.Parent!.Parent!.FullName, name, own.Name, name), arguments);
    }
}
