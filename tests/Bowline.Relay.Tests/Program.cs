using System.Diagnostics.CodeAnalysis;
using Bowline.Relay.Tests.Store;

namespace Bowline.Relay.Tests;

/// <summary>Runs the tests, or is the child process of one of them.</summary>
[ExcludeFromCodeCoverage]
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        ["--store-canary", .. var rest] => StoreCanary.RunAsync(rest),
        ["--store-load", .. var rest] => StoreLoad.RunAsync(rest),
        _ => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
    };
}
