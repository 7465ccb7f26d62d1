using Bowline.Core.Identity;

namespace Bowline.Core.Tests.Identity;

public sealed class DeviceKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bowline-key-").FullName;

    private string KeyFile => Path.Combine(_folder, "device.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_key_survives_a_restart_in_a_file_only_its_owner_can_read()
    {
        using var first = DeviceKey.LoadOrCreate(KeyFile);
        using var second = DeviceKey.LoadOrCreate(KeyFile);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public void A_key_that_others_can_read_is_refused_with_the_command_to_run()
    {
        DeviceKey.LoadOrCreate(KeyFile).Dispose();
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var error = Assert.Throws<InvalidDataException>(() => DeviceKey.LoadOrCreate(KeyFile));
        Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_key_is_refused_and_left_as_it_is()
    {
        DeviceKey.LoadOrCreate(KeyFile).Dispose();
        File.WriteAllBytes(KeyFile, [1, 2, 3]);
        Assert.Throws<InvalidDataException>(() => DeviceKey.LoadOrCreate(KeyFile));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(KeyFile));
    }
}
