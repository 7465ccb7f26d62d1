using System.Text;

namespace Bowline.WebRtc;

/// <summary>A message that arrived, in memory that is pooled: whoever has it disposes it, once, and does not touch its content after that.</summary>
public readonly struct DataChannelMessage : IDisposable
{
    private readonly MessageBuffer _buffer;
    private readonly int _version;

    internal DataChannelMessage(MessageBuffer buffer, bool isText) => (_buffer, _version, IsText) = (buffer, buffer.Version, isText);

    /// <summary>True for text, which is UTF-8 when the other side keeps the rules.</summary>
    public bool IsText { get; }

    /// <summary>The content.</summary>
    /// <exception cref="ObjectDisposedException">The message has been disposed.</exception>
    public ReadOnlyMemory<byte> Content => _buffer.Read(_version);

    /// <summary>The content as text; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <returns>The text.</returns>
    public string GetText() => Encoding.UTF8.GetString(Content.Span);

    /// <summary>Gives the memory back; a second time does nothing.</summary>
    public void Dispose() => _buffer?.Return(_version);
}
