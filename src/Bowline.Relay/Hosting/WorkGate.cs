namespace Bowline.Relay;

/// <summary>Counts what is under way for one connection and holds its reader back when that is much. One reader; anybody may leave.</summary>
internal sealed class WorkGate(int most)
{
    private readonly Lock _lock = new();
    private int _count;
    private TaskCompletionSource? _below;
    private TaskCompletionSource? _none;

    public void Enter()
    {
        lock (_lock)
        {
            _count++;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _count--;
            if (_count < most)
            {
                _ = _below?.TrySetResult();
                _below = null;
            }

            if (_count == 0)
            {
                _ = _none?.TrySetResult();
                _none = null;
            }
        }
    }

    /// <summary>Waits until there is room for one more.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_lock)
        {
            return _count < most ? Task.CompletedTask : (_below ??= NewSource()).Task;
        }
    }

    /// <summary>Waits until nothing is under way.</summary>
    public Task WaitForNoneAsync()
    {
        lock (_lock)
        {
            return _count == 0 ? Task.CompletedTask : (_none ??= NewSource()).Task;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
