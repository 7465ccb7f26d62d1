using System.Diagnostics.CodeAnalysis;
using Bowline.Testing.Namespaces;
using Bowline.WebRtc.Tests.Interop;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests;

/// <summary>Runs the tests, or is the child process of one of them.</summary>
[ExcludeFromCodeCoverage]
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        ["--peer", var options] => PeerProgram.RunAsync(options),
        ["--create"] => AbsenceTests.RunAsync(),
        [ImpairedLink.Argument, .. var rest] => Task.FromResult(ImpairedLink.Run(rest, Console.In, Console.Out, TimeProvider.System)),
        _ => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
    };
}
