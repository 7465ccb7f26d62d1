using System.Globalization;

namespace Bowline.Relay.Tests.Store;

/// <summary>The process that durability tests kill: adds events and prints the number of each that was answered stored.</summary>
internal static class StoreCanary
{
    private const int Lanes = 64;

    /// <summary>Which event has this number: the same in every process, so that a number is all that needs to be printed.</summary>
    public static Nostr.NostrEvent Event(int number) =>
        TestEvents.Make(number % 50, 1, 1_700_000_000 + number, $"canary {number}", null, ["t", $"n{number}"]);

    /// <summary>Arguments: kind of store, address, first number, how many.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var first = int.Parse(args[2], CultureInfo.InvariantCulture);
        var count = int.Parse(args[3], CultureInfo.InvariantCulture);
        await using var store = await StoreAddress.OpenAsync(args[0], args[1]);
        await using var output = Console.OpenStandardOutput();
        var printing = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
        {
            for (var number = first + lane; number < first + count; number += Lanes)
            {
                if (await store.AddAsync(Event(number)) == StoreOutcome.Stored)
                {
                    lock (printing)
                    {
                        // One write call per line: what the parent reads was answered, and a killed process leaves no half line that counts.
                        output.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"stored {number};\n")));
                    }
                }
            }
        })));
        return 0;
    }
}
