namespace Bowline.Architecture.Tests;

public sealed class TimingsTests
{
    [Fact]
    public void Every_timer_says_why_it_has_its_value()
    {
        var timings = TimingsDocument.Read();
        Assert.NotEmpty(timings);
        Assert.Empty(timings.Where(timing => timing.Reason.Length == 0).Select(timing => $"{timing.Project} {timing.Owner}.{timing.Name}"));
    }

    [Fact]
    public void The_document_of_timings_is_what_the_code_says()
    {
        var text = TimingsDocument.Render(TimingsDocument.Read());
        if (Environment.GetEnvironmentVariable("BOWLINE_UPDATE_TIMINGS") == "1")
        {
            File.WriteAllText(TimingsDocument.File, text);
        }

        Assert.Equal(text, File.ReadAllText(TimingsDocument.File));
    }
}
