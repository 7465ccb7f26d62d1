using System.Net;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>A request body of pattern bytes without an announced length; before each chunk the test may act, or end it.</summary>
/// <param name="more">Given the bytes written so far, says whether more follow; awaited before each chunk.</param>
internal sealed class PatternContent(Func<long, Task<bool>> more) : HttpContent
{
    public const int Chunk = 64 * 1024;

    /// <summary>Bytes written so far.</summary>
    public long Written { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var chunk = new byte[Chunk];
        while (await more(Written))
        {
            Pattern.Fill(chunk, Written);
            await stream.WriteAsync(chunk);
            await stream.FlushAsync();
            Written += chunk.Length;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
