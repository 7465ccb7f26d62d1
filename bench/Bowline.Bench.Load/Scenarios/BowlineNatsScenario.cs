using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;
using Bowline.Nats;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>Our client's side of a NATS figure: one connection, kept over the rounds.</summary>
internal abstract class BowlineNatsScenario(string figure, string side, Lab lab) : IScenario
{
    private NatsConnection? _connection;
    private NatsServer? _server;

    public string Figure => figure;

    public string Side => side;

    protected Lab Lab => lab;

    protected NatsConnection Connection => _connection ?? throw new InvalidOperationException("not prepared");

    protected NatsServer Server => _server ?? throw new InvalidOperationException("not prepared");

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _server = await lab.Nats.GetAsync(cancellationToken);
        _connection = new NatsConnection(new NatsOpts { Url = _server.Url.ToString() });
        await _connection.ConnectAsync(cancellationToken);
        await WarmUpAsync(cancellationToken);
    }

    public abstract Task<Measurement> RoundAsync(CancellationToken cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    protected abstract Task WarmUpAsync(CancellationToken cancellationToken);
}
