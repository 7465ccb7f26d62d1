using System.Runtime.InteropServices;
using Bowline.Core.Native;

namespace Bowline.Core.Tests.Native;

public sealed class SystemLibraryTests
{
    [Fact]
    public void The_first_name_that_is_installed_wins()
    {
        var handle = SystemLibrary.Load(["libbowline-no-such-library.so", "libc.so.6"], "Install it.");
        Assert.True(NativeLibrary.TryGetExport(handle, "getpid", out _));
        NativeLibrary.Free(handle);
    }

    [Fact]
    public void When_there_is_none_it_says_what_to_install() =>
        Assert.Equal("Install it.", Assert.Throws<DllNotFoundException>(static () => SystemLibrary.Load(["libbowline-no-such-library.so"], "Install it.")).Message);
}
