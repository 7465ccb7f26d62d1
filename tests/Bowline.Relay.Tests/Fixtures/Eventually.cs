namespace Bowline.Relay.Tests;

/// <summary>Waits for what no event tells; fails after 30 s.</summary>
internal static class Eventually
{
    public static async Task Async(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
