using Bowline.Bench.Load;
using Bowline.Bench.Load.Peers;
using Bowline.Bench.Load.Serving;
using Bowline.Testing.Namespaces;

// The harness starts itself again in these roles, so that each end of a figure has a process of its own.
return args switch
{
    ["serve-http"] => await HttpServe.RunAsync(),
    ["serve-nats", var url] => await NatsServe.RunAsync(url),
    ["serve-tunnel", var url] => await TunnelServe.RunAsync(url),
    ["unread", var url, var nats, .. var pids] => await UnreadClient.RunAsync(url, nats, pids),
    ["serve-bridge", var url] => await BridgeServe.RunAsync(url),
    ["serve-peer", var address] => await PeerServe.RunAsync(address),
    [ImpairedLink.Argument, .. var rest] => ImpairedLink.Run(rest, Console.In, Console.Out, TimeProvider.System),
    _ => await BenchRun.RunAsync(args),
};
