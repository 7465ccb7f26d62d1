using System.Text;

namespace Bowline.EndToEnd.Tests.Telemetry;

/// <summary>A protobuf message as its fields: enough to read what an OTLP exporter sends.</summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Length = 2;
    private readonly List<(int Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtoMessage(ReadOnlyMemory<byte> data)
    {
        while (data.Length > 0)
        {
            var tag = TakeVarint(ref data);
            var size = (int)(tag & 7) switch
            {
                Varint => SizeOfVarint(data.Span),
                Fixed64 => 8,
                Length => (int)TakeVarint(ref data),
                _ => 4,
            };
            _fields.Add(((int)(tag >> 3), data[..size]));
            data = data[size..];
        }
    }

    public IEnumerable<ProtoMessage> Messages(int number) => _fields.Where(field => field.Number == number).Select(field => new ProtoMessage(field.Bytes));

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).Span);

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number).Span);

    private ReadOnlyMemory<byte> Bytes(int number) => _fields.FirstOrDefault(field => field.Number == number).Bytes;

    private static ulong TakeVarint(ref ReadOnlyMemory<byte> data)
    {
        var value = 0UL;
        var size = SizeOfVarint(data.Span);
        for (var i = 0; i < size; i++)
        {
            value |= (ulong)(data.Span[i] & 0x7F) << (7 * i);
        }

        data = data[size..];
        return value;
    }

    private static int SizeOfVarint(ReadOnlySpan<byte> data)
    {
        var size = 1;
        while ((data[size - 1] & 0x80) != 0)
        {
            size++;
        }

        return size;
    }
}
