using System.Buffers;

namespace Bowline.Nostr;

/// <summary>Events on their way to the relay. The same by its id, so sending one again on a new socket is safe.</summary>
internal sealed partial class LinkMachine
{
    private readonly Dictionary<EventId, List<PendingPublish>> _publishes = [];
    private readonly Queue<PendingPublish> _toPublish = [];
    private TimeSpan? _publishDue;
    private int _pending;

    private void Publish(PendingPublish publish, Moment now)
    {
        if (_pending >= _options.MaxPendingPublishes)
        {
            Finish(publish, RelayPublishStatus.QueueFull, $"{_pending} events wait for this relay already");
            return;
        }

        if (_limits != RelayLimits.Careful && LengthOf(publish.Event) > _limits.MaxMessageLength)
        {
            Finish(publish, RelayPublishStatus.TooLarge, $"the relay takes messages of {_limits.MaxMessageLength} bytes at most");
            return;
        }

        _pending++;
        if (publish.Deadline == TimeSpan.MaxValue)
        {
            // One that was moved here keeps the time it had.
            publish.Deadline = now.Elapsed + publish.Timeout;
        }

        _publishDue = Earliest(_publishDue, publish.Deadline);
        if (!_publishes.TryGetValue(publish.Event.Id, out var same))
        {
            _publishes[publish.Event.Id] = same = [];
        }

        same.Add(publish);
        if (publish.Key is { } key)
        {
            Prove(_proofs.Use(key, now), now);
        }

        _toPublish.Enqueue(publish);
    }

    private ClientEventMessage? NextPublish()
    {
        // A key that is being proven comes first: the relay would only ask for it.
        while (_toPublish.TryPeek(out var publish))
        {
            if (publish.Key is not null && _proofs.StateOf(publish.Key) == ProofState.Sent)
            {
                return null;
            }

            _toPublish.Dequeue();
            if (IsPending(publish) && !publish.IsSent)
            {
                publish.IsSent = publish.WasSent = true;
                return new(publish.Event);
            }
        }

        return null;
    }

    private void OnPublished(RelayOkMessage ok, Moment now)
    {
        if (!_publishes.TryGetValue(ok.EventId, out var same))
        {
            return;
        }

        var reason = RelayReasons.Parse(ok.Text);
        foreach (var publish in same.Where(static publish => publish.IsSent).ToList())
        {
            if (!ok.Accepted && RelayReasons.AsksForKey(reason) && TryWithKey(publish, now))
            {
                continue;
            }

            Forget(publish);
            var accepted = ok.Accepted || reason == RelayReason.Duplicate;
            Finish(publish, accepted ? RelayPublishStatus.Accepted : RelayPublishStatus.Rejected, ok.Text);
        }
    }

    /// <summary>True when the event is to be sent once more, after its key was proven.</summary>
    private bool TryWithKey(PendingPublish publish, Moment now)
    {
        if (publish.Key is not { } key || _proofs.StateOf(key) == ProofState.Refused)
        {
            return false;
        }

        if (publish.WasRetried)
        {
            return _proofs.Proven > 1 && KeepOneKey(now);
        }

        publish.WasRetried = true;
        publish.IsSent = false;
        publish.IsParked = _proofs.StateOf(key) is ProofState.None or ProofState.Sent;
        if (!publish.IsParked)
        {
            _toPublish.Enqueue(publish);
        }

        return true;
    }

    private void ResumePublishes()
    {
        foreach (var publish in _publishes.Values.SelectMany(static list => list).Where(static publish => publish.IsParked).ToList())
        {
            switch (_proofs.StateOf(publish.Key))
            {
                case ProofState.Proven:
                    publish.IsParked = false;
                    _toPublish.Enqueue(publish);
                    break;
                case ProofState.Refused:
                    Forget(publish);
                    Finish(publish, RelayPublishStatus.Rejected, ReasonPrefix.AuthRequired + (LastError ?? "the key was not accepted"));
                    break;
            }
        }
    }

    /// <summary>The socket is gone: everything that was not answered is sent again on the next one.</summary>
    private void ResetPublishes()
    {
        _toPublish.Clear();
        foreach (var publish in _publishes.Values.SelectMany(static list => list))
        {
            publish.IsSent = publish.IsParked = publish.WasRetried = false;
            _toPublish.Enqueue(publish);
        }
    }

    private void ExpirePublishes(Moment now)
    {
        if (!(_publishDue <= now.Elapsed))
        {
            return;
        }

        _publishDue = null;
        foreach (var publish in _publishes.Values.SelectMany(static list => list).ToList())
        {
            if (publish.Deadline > now.Elapsed)
            {
                _publishDue = Earliest(_publishDue, publish.Deadline);
                continue;
            }

            Forget(publish);
            Finish(
                publish,
                publish.WasSent ? RelayPublishStatus.TimedOut : RelayPublishStatus.Unreachable,
                publish.WasSent ? "no answer in time" : LastError ?? "no connection in time");
        }
    }

    private bool IsPending(PendingPublish publish) => _publishes.TryGetValue(publish.Event.Id, out var same) && same.Contains(publish);

    private void Forget(PendingPublish publish)
    {
        if (!_publishes.TryGetValue(publish.Event.Id, out var same) || !same.Remove(publish))
        {
            return;
        }

        _pending--;
        if (same.Count == 0)
        {
            _publishes.Remove(publish.Event.Id);
        }

        if (publish.Key is { } key)
        {
            _proofs.Release(key);
        }
    }

    private void Finish(PendingPublish publish, RelayPublishStatus status, string text) =>
        _effects.Add(new LinkEffect.Finished(publish, new RelayPublishOutcome(_relay, status, RelayReasons.Parse(text), text)));

    private static int LengthOf(NostrEvent value)
    {
        var buffer = new ArrayBufferWriter<byte>(512 + value.Content.Length);
        ClientMessageWriter.Write(buffer, new ClientEventMessage(value));
        return buffer.WrittenCount;
    }
}
