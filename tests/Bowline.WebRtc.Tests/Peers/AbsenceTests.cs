using Bowline.Testing.Namespaces;
using Bowline.Testing.Processes;

namespace Bowline.WebRtc.Tests.Peers;

/// <summary>A machine that lacks a native library: it is said what to install, and nothing else fails.</summary>
public sealed class AbsenceTests
{
    [Theory]
    [InlineData("libusrsctp.so")]
    [InlineData("libnice.so")]
    public async Task Without_a_native_library_a_connection_is_refused_with_what_to_install(string library)
    {
        string[] command = [.. AbsentLibrary.Prefix(library), Environment.ProcessPath!, "--create"];
        await using var process = TestProcess.Start(command[0], command[1..]);
        Assert.Equal(0, await process.WaitForExitAsync(TimeSpan.FromSeconds(20)));
        Assert.StartsWith("False PlatformNotSupportedException WebRTC needs libnice", process.Data, StringComparison.Ordinal);
        Assert.Contains("apt-get install libnice10 libssl3 libusrsctp2", process.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_all_of_them_it_is_made()
    {
        Assert.Equal("True made", await CreateAsync());
        Assert.Null(PeerConnection.UnsupportedReason);
    }

    /// <summary><c>--create</c>: makes a connection and says what came of it.</summary>
    public static async Task<int> RunAsync()
    {
        await Console.Out.WriteLineAsync(await CreateAsync());
        return 0;
    }

    private static async Task<string> CreateAsync()
    {
        try
        {
            await using var connection = PeerConnection.Create();
            return $"{PeerConnection.IsSupported} made";
        }
        catch (PlatformNotSupportedException e)
        {
            return $"{PeerConnection.IsSupported} {e.GetType().Name} {e.Message}";
        }
    }
}
