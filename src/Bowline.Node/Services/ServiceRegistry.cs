namespace Bowline.Node.Services;

/// <summary>The services of this node: kept ones from the file, and those that live as long as a command.</summary>
internal sealed class ServiceRegistry(ServiceStore store, IServiceHost host)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Entry> _services = new(StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<ServiceRecord> List
    {
        get
        {
            lock (_gate)
            {
                return [.. _services.Values.Select(entry => entry.Record)];
            }
        }
    }

    /// <summary>Maps the kept services.</summary>
    public void Load()
    {
        lock (_gate)
        {
            foreach (var record in store.Read())
            {
                Map(record with { Kept = true });
            }
        }
    }

    /// <summary>Notes a service that is served inside the node and was mapped elsewhere.</summary>
    public void Announce(string name)
    {
        lock (_gate)
        {
            _services[name] = new Entry(new ServiceRecord(name, null, Kept: false));
        }
    }

    /// <summary>Begins to serve. Exposing the same name and target again only changes whether it is kept.</summary>
    /// <exception cref="NodeException">The name or target is not usable, or another service has the name.</exception>
    public ServiceRecord Add(string name, Uri target, bool keep)
    {
        if ((ServiceRules.CheckName(name) ?? ServiceRules.CheckTarget(target)) is { } wrong)
        {
            throw new NodeException(NodeError.ServiceInvalid, wrong);
        }

        lock (_gate)
        {
            if (_services.TryGetValue(name, out var existing) && existing.Record.Target != target)
            {
                throw new NodeException(
                    NodeError.ServiceConflict,
                    $"This node already exposes '{name}' ({existing.Record.Target?.ToString() ?? "built in"}). Choose another --name, or stop that one first.");
            }

            var record = new ServiceRecord(name, target, keep || existing?.Record.Kept == true);
            if (existing is null)
            {
                Map(record);
            }
            else
            {
                existing.Record = record;
            }

            Save();
            return record;
        }
    }

    /// <summary>Stops serving and forgets.</summary>
    /// <returns>False when there was no such service.</returns>
    public bool Remove(string name)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue(name, out var entry) || entry.Record.Target is null)
            {
                return false;
            }

            _services.Remove(name);
            host.Unmap(name);
            if (entry.Record.Kept)
            {
                Save();
            }

            return true;
        }
    }

    /// <summary>Calls back for each finished exchange of the service until the result is disposed.</summary>
    public IDisposable Watch(string name, Action<ExchangeRecord> seen)
    {
        lock (_gate)
        {
            var entry = _services[name];
            entry.Watchers = [.. entry.Watchers, seen];
            return new Watching(this, entry, seen);
        }
    }

    private void Map(ServiceRecord record)
    {
        var entry = new Entry(record);
        _services[record.Name] = entry;
        host.Map(record, entry);
    }

    private void Save() => store.Write([.. _services.Values.Select(entry => entry.Record).Where(record => record.Kept)]);

    private sealed class Entry(ServiceRecord record) : IExchangeObserver
    {
        public ServiceRecord Record { get; set; } = record;

        /// <summary>Replaced as a whole, so that exchanges read it without a lock.</summary>
        public Action<ExchangeRecord>[] Watchers { get; set; } = [];

        public bool IsWatching => Watchers.Length > 0;

        public void Seen(ExchangeRecord exchange) => Array.ForEach(Watchers, seen => seen(exchange));
    }

    private sealed class Watching(ServiceRegistry registry, Entry entry, Action<ExchangeRecord> seen) : IDisposable
    {
        public void Dispose()
        {
            lock (registry._gate)
            {
                entry.Watchers = [.. entry.Watchers.Where(watcher => watcher != seen)];
            }
        }
    }
}
