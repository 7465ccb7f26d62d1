using System.Text;
using Bowline.WebRtc;

namespace DataChannelBrowser;

/// <summary>The whole signaling: an offer with all its candidates comes in, an answer with all of ours goes out.</summary>
internal static class Offers
{
    /// <summary>Bytes of an offer; one of a browser with data channels alone has about one thousand.</summary>
    public const int Longest = 64 * 1024;

    private const string Sdp = "application/sdp";

    public static async Task<IResult> AnswerAsync(HttpRequest request, PageConnections pages, CancellationToken cancel)
    {
        // A page of another site cannot send this type without asking first, and nobody answers it yes.
        if (request.ContentType?.Split(';')[0].Trim() != Sdp)
        {
            return TypedResults.Problem($"An offer has the type {Sdp}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            using var body = new StreamReader(request.Body, Encoding.UTF8);
            var answer = await pages.AnswerAsync(await body.ReadToEndAsync(cancel), cancel);
            return answer is null
                ? TypedResults.Problem($"{PageConnections.Most} connections are open, which is the limit here.", statusCode: StatusCodes.Status503ServiceUnavailable)
                : TypedResults.Text(answer, Sdp);
        }
        catch (WebRtcException e)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (PlatformNotSupportedException e)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status501NotImplemented); // It says which library to install.
        }
        catch (BadHttpRequestException e)
        {
            return TypedResults.Problem(e.Message, statusCode: e.StatusCode);
        }
    }
}
