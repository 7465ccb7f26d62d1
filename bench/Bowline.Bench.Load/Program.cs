using Bowline.Bench.Load;
using Bowline.Bench.Load.Serving;

return args switch
{
    ["serve-http"] => await HttpServe.RunAsync(),
    _ => await BenchRun.RunAsync(args),
};
