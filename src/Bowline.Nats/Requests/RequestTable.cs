namespace Bowline.Nats;

/// <summary>
/// The requests in flight. An answer is found by its token: slot index and generation, so that a late answer can never complete
/// the next request in the same slot. Whoever takes a slot out of the table completes it.
/// </summary>
internal sealed class RequestTable
{
    /// <summary>Characters of a token: 66 bits in 6-bit digits, enough for index (32) and generation (32).</summary>
    public const int TokenLength = 11;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Stack<int> _free = new();
    private RequestSlot?[] _slots = new RequestSlot?[64];
    private uint _generation;
    private int _used;
    private long _armedFor = long.MaxValue;

    public RequestTable(TimeProvider time, Random random)
    {
        _time = time;
        _generation = (uint)random.Next();
        _timer = time.CreateTimer(static table => ((RequestTable)table!).ExpireDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private static ReadOnlySpan<byte> Digits => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"u8;

    /// <summary>Gives the slot its place and returns its generation.</summary>
    public uint Add(RequestSlot slot, TimeSpan timeout)
    {
        lock (_gate)
        {
            if (!_free.TryPop(out var index))
            {
                index = _used++;
                if (index == _slots.Length)
                {
                    Array.Resize(ref _slots, index * 2);
                }
            }

            slot.Table = this;
            slot.Index = index;
            slot.Generation = ++_generation;
            slot.Deadline = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : _time.GetTimestamp() + (long)(timeout.TotalSeconds * _time.TimestampFrequency);
            _slots[index] = slot;
            if (slot.Deadline < _armedFor)
            {
                Arm(slot.Deadline);
            }

            return slot.Generation;
        }
    }

    /// <summary>True for the one caller that may complete the slot.</summary>
    public bool TryTake(RequestSlot slot, uint generation)
    {
        lock (_gate)
        {
            if (slot.Generation != generation || !ReferenceEquals(_slots[slot.Index], slot))
            {
                return false;
            }

            Remove(slot.Index);
            return true;
        }
    }

    public bool TryTake(ReadOnlySpan<byte> token, out RequestSlot slot)
    {
        slot = null!;
        if (!TryParse(token, out var index, out var generation))
        {
            return false;
        }

        lock (_gate)
        {
            if (index >= (uint)_used || _slots[index] is not { } found || found.Generation != generation)
            {
                return false;
            }

            Remove((int)index);
            slot = found;
            return true;
        }
    }

    /// <summary>Fails the requests that match, at once.</summary>
    public void FailAll(Func<RequestSlot, bool> match, Func<RequestSlot, Exception> reason)
    {
        List<RequestSlot> taken = [];
        lock (_gate)
        {
            for (var i = 0; i < _used; i++)
            {
                if (_slots[i] is { } slot && match(slot))
                {
                    Remove(i);
                    taken.Add(slot);
                }
            }
        }

        foreach (var slot in taken)
        {
            slot.Fail(reason(slot));
        }
    }

    public void Stop() => _timer.Dispose();

    public static void WriteToken(Span<byte> target, int index, uint generation)
    {
        var value = ((ulong)generation << 32) | (uint)index;
        for (var i = TokenLength - 1; i >= 0; i--)
        {
            target[i] = Digits[(int)(value & 63)];
            value >>= 6;
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> token, out uint index, out uint generation)
    {
        ulong value = 0;
        index = generation = 0;
        if (token.Length != TokenLength)
        {
            return false;
        }

        foreach (var c in token)
        {
            var digit = c switch
            {
                >= (byte)'0' and <= (byte)'9' => c - '0',
                >= (byte)'A' and <= (byte)'Z' => c - 'A' + 10,
                >= (byte)'a' and <= (byte)'z' => c - 'a' + 36,
                (byte)'-' => 62,
                (byte)'_' => 63,
                _ => -1,
            };
            if (digit < 0)
            {
                return false;
            }

            value = (value << 6) | (uint)digit;
        }

        index = (uint)value;
        generation = (uint)(value >> 32);
        return true;
    }

    private void Remove(int index)
    {
        _slots[index] = null;
        _free.Push(index);
    }

    private void Arm(long deadline)
    {
        _armedFor = deadline;
        var due = TimeSpan.FromSeconds(Math.Max(0, deadline - _time.GetTimestamp()) / (double)_time.TimestampFrequency);
        _timer.Change(due + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    /// <summary>One timer for all: it sleeps until the earliest deadline that was known when it was set.</summary>
    private void ExpireDue()
    {
        var now = _time.GetTimestamp();
        FailAll(slot => slot.Deadline <= now, static slot => new NatsNoReplyException($"No answer on '{slot.Subject}' in time."));
        lock (_gate)
        {
            _armedFor = long.MaxValue;
            var next = long.MaxValue;
            for (var i = 0; i < _used; i++)
            {
                next = Math.Min(next, _slots[i]?.Deadline ?? long.MaxValue);
            }

            if (next != long.MaxValue)
            {
                Arm(next);
            }
        }
    }
}
