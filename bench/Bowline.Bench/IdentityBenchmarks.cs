using BenchmarkDotNet.Attributes;
using Bowline.Core.Identity;

namespace Bowline.Bench;

/// <summary>What one authenticated call costs: a device token is signed once and verified once.</summary>
public class IdentityBenchmarks : IDisposable
{
    private static readonly byte[] Token = new byte[256];

    private readonly DeviceKey _key = DeviceKey.Create();
    private byte[] _signature = [];

    [GlobalSetup]
    public void Sign_once() => _signature = _key.Sign(Token);

    [Benchmark]
    public byte[] Sign() => _key.Sign(Token);

    [Benchmark]
    public bool Verify() => _key.Id.Verify(Token, _signature);

    [Benchmark]
    public bool Parse_device_id() => DeviceId.TryParse(_key.Id.ToString(), out _);

    public void Dispose()
    {
        _key.Dispose();
        GC.SuppressFinalize(this);
    }
}
