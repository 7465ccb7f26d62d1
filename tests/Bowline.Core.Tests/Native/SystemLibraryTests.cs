using System.Runtime.InteropServices;
using Bowline.Core.Native;

namespace Bowline.Core.Tests.Native;

public sealed class SystemLibraryTests
{
    // An assembly has one resolver: this one imports nothing of its own, so it can lend itself to the test.
    private static readonly System.Reflection.Assembly Assembly = typeof(FactAttribute).Assembly;

    [Fact]
    public void The_first_name_that_is_installed_wins_and_none_says_what_to_install()
    {
        List<string> names = ["libbowline-no-such-library.so"];
        SystemLibrary.Register(Assembly, "bowline-test", names, "Install it.");
        Assert.Equal("Install it.", Assert.Throws<DllNotFoundException>(() => NativeLibrary.Load("bowline-test", Assembly, null)).Message);
        names.Add("libc.so.6");
        var handle = NativeLibrary.Load("bowline-test", Assembly, null);
        Assert.True(NativeLibrary.TryGetExport(handle, "getpid", out _));
        NativeLibrary.Free(handle);
    }
}
