using System.Threading.Channels;

namespace DataChannelChat;

/// <summary>The lines of stdin. A read of a terminal cannot be cancelled, so it has a thread of its own, and ends with the process.</summary>
internal sealed class TypedLines
{
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(16);

    public TypedLines() => new Thread(Read) { IsBackground = true, Name = "stdin" }.Start();

    public IAsyncEnumerable<string> ReadAllAsync(CancellationToken cancel) => _lines.Reader.ReadAllAsync(cancel);

    /// <exception cref="EndOfStreamException">There are no more.</exception>
    public async Task<string> NextAsync(CancellationToken cancel)
    {
        while (await _lines.Reader.WaitToReadAsync(cancel))
        {
            if (_lines.Reader.TryRead(out var line))
            {
                return line;
            }
        }

        throw new EndOfStreamException("The input ended before the other terminal's line was pasted.");
    }

    private void Read()
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        while (input.ReadLine() is { } line)
        {
            _lines.Writer.WriteAsync(line).AsTask().Wait();
        }

        _lines.Writer.Complete();
    }
}
