using Bowline.Testing.Postgres;
using Npgsql;

namespace Bowline.Relay.Tests.Store;

/// <summary>A database of its own in the cluster of the test run.</summary>
public sealed class PostgresHarness : StoreHarness
{
    private readonly string _name = $"t{Guid.NewGuid():n}";
    private PostgresCluster? _cluster;

    public string ConnectionString => _cluster!.ConnectionString(_name);

    /// <summary>As <c>bowline relay --db</c> takes it.</summary>
    public string Address => $"postgres://postgres@localhost/{_name}?host={_cluster!.Host}";

    public async Task CreateAsync()
    {
        if (_cluster is null)
        {
            _cluster = await PostgresCluster.SharedAsync();
            await AdministerAsync($"CREATE DATABASE {_name}");
        }
    }

    public override async Task<IEventStore> OpenAsync()
    {
        await CreateAsync();
        return await PostgresEventStore.OpenAsync(new() { ConnectionString = ConnectionString }, Time);
    }

    public override async Task MakeReadOnlyAsync(IEventStore store) => await ((PostgresEventStore)store).ExecuteOnWriterAsync("SET default_transaction_read_only = on");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_cluster is not null)
        {
            await AdministerAsync($"DROP DATABASE {_name} WITH (FORCE)");
        }
    }

    private async Task AdministerAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_cluster!.ConnectionString("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        _ = await command.ExecuteNonQueryAsync();
    }
}
