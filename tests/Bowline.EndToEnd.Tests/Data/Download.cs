using System.Net.Http.Headers;
using Bowline.EndToEnd.Tests.Support;

namespace Bowline.EndToEnd.Tests.Data;

/// <summary>Reads a body of pattern bytes; something happens in the middle, and then it ends exactly or with a fault.</summary>
internal static class Download
{
    /// <summary>Reads to the end. While the test acts nothing is read, so credit runs out and the rest is still to come.</summary>
    /// <returns>The bytes received, and the fault that ended it, if one did.</returns>
    public static async Task<(long Received, Exception? Fault)> RunAsync(HttpClient http, string path, long actAt, Func<Task> act, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, response.ToString());
        Assert.NotEqual(new MediaTypeHeaderValue("application/problem+json"), response.Content.Headers.ContentType);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[PatternContent.Chunk];
        var (received, acted) = (0L, false);
        try
        {
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                Assert.True(Pattern.Matches(buffer.AsSpan(0, read), received), $"Wrong bytes at {received}.");
                received += read;
                if (!acted && received >= actAt)
                {
                    acted = true;
                    await act();
                }
            }

            return (received, null);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return (received, fault);
        }
    }
}
