using System.Buffers.Binary;
using System.Text;

namespace Bowline.Tunnel;

/// <summary>Reads a head block; after the first failure everything reads as empty and <see cref="Failed"/> says so.</summary>
internal ref struct HeadReader(ReadOnlySpan<byte> block)
{
    private ReadOnlySpan<byte> _rest = block;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1) is { IsEmpty: false } span ? span[0] : (byte)0;

    public int U16() => Take(2) is { IsEmpty: false } span ? BinaryPrimitives.ReadUInt16LittleEndian(span) : 0;

    public uint U32() => Take(4) is { IsEmpty: false } span ? BinaryPrimitives.ReadUInt32LittleEndian(span) : 0;

    public long I64() => Take(8) is { IsEmpty: false } span ? BinaryPrimitives.ReadInt64LittleEndian(span) : 0;

    public string Text() => KnownNames.Get(Take(U16()));

    public void Headers(TunnelHeaders into)
    {
        var count = U16();
        for (var i = 0; i < count && !Failed; i++)
        {
            var name = Take(U16());
            var value = Take(U16());
            if (!HeadRules.IsToken(name) || !HeadRules.IsFieldValue(value) || !IsUtf8(value))
            {
                Failed = true;
            }
            else
            {
                into.Add(KnownNames.Get(name), KnownNames.Get(value));
            }
        }
    }

    private static bool IsUtf8(ReadOnlySpan<byte> text) => Ascii.IsValid(text) || System.Text.Unicode.Utf8.IsValid(text);

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > _rest.Length)
        {
            Failed = true;
            _rest = default;
        }

        if (Failed)
        {
            return default;
        }

        var taken = _rest[..size];
        _rest = _rest[size..];
        return taken;
    }
}
