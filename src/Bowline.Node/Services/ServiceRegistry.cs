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
                _ = Map(record with { Kept = true }, owner: null);
            }
        }
    }

    /// <summary>Notes a service that is served inside the node and was mapped elsewhere.</summary>
    public void Announce(string name)
    {
        lock (_gate)
        {
            _services[name] = new Entry(new ServiceRecord(name, null, Kept: false), owner: null);
        }
    }

    /// <summary>
    /// Begins to serve, for as long as the lease is held. A kept service belongs to the node: exposing it again with the same target shares it.
    /// Any other name in use is refused, unless it is to be replaced; then the one before hears of it through its lease.
    /// </summary>
    /// <exception cref="NodeException">The name or target is not usable, or the name is in use.</exception>
    public ServiceLease Add(ServiceRecord wanted, ServiceOwner owner, bool replace)
    {
        if ((ServiceRules.CheckName(wanted.Name) ?? ServiceRules.CheckTarget(wanted.Target)) is { } wrong)
        {
            throw new NodeException(NodeError.ServiceInvalid, wrong);
        }

        lock (_gate)
        {
            var existing = _services.GetValueOrDefault(wanted.Name);
            if (existing?.Record.Kept == true && existing.Record with { Kept = wanted.Kept } == wanted)
            {
                return new ServiceLease(existing.Record, existing.Ended.Task);
            }

            if (existing is not null && (!replace || existing.Record.Target is null))
            {
                throw new NodeException(NodeError.ServiceConflict, existing.Explain());
            }

            var entry = Map(wanted, owner);
            existing?.Ended.TrySetResult(new ServiceEnd(owner));
            if (wanted.Kept || existing?.Record.Kept == true)
            {
                Save();
            }

            return new ServiceLease(wanted, entry.Ended.Task);
        }
    }

    /// <summary>The end of a command: its service ends with it, unless it is kept or the name has gone to another.</summary>
    public void Release(ServiceLease lease)
    {
        lock (_gate)
        {
            if (_services.TryGetValue(lease.Service.Name, out var entry) && entry.Ended.Task == lease.Ended && !entry.Record.Kept)
            {
                Remove(entry);
            }
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

            Remove(entry);
            entry.Ended.TrySetResult(new ServiceEnd(null));
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

    private Entry Map(ServiceRecord record, ServiceOwner? owner)
    {
        var entry = new Entry(record, owner);
        _services[record.Name] = entry;
        host.Map(record, entry);
        return entry;
    }

    private void Remove(Entry entry)
    {
        _services.Remove(entry.Record.Name);
        host.Unmap(entry.Record.Name);
    }

    private void Save() => store.Write([.. _services.Values.Select(entry => entry.Record).Where(record => record.Kept)]);

    private sealed class Entry(ServiceRecord record, ServiceOwner? owner) : IExchangeObserver
    {
        public ServiceRecord Record => record;

        /// <summary>Completes when the service was removed, or replaced by another owner's.</summary>
        public TaskCompletionSource<ServiceEnd> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Replaced as a whole, so that exchanges read it without a lock.</summary>
        public Action<ExchangeRecord>[] Watchers { get; set; } = [];

        public bool IsWatching => Watchers.Length > 0;

        public void Seen(ExchangeRecord exchange) => Array.ForEach(Watchers, seen => seen(exchange));

        public string Explain() => record switch
        {
            { Target: null } => $"'{record.Name}' is this node's built-in service. Choose another --name.",
            { Kept: true } => $"'{record.Name}' is exposed already and kept, to {record.Target}. Choose another --name, or take this one with --replace.",
            _ => $"'{record.Name}' is exposed already by {owner}, to {record.Target}. Choose another --name, stop that command, or take its place with --replace.",
        };
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
