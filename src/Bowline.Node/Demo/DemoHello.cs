namespace Bowline.Node.Demo;

/// <summary>The answer of the demo's JSON endpoint.</summary>
internal sealed record DemoHello(string Message, DateTimeOffset At, string Caller);
