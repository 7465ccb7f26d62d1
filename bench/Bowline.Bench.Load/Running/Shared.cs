namespace Bowline.Bench.Load.Running;

/// <summary>Something several scenarios use: made when first asked for, disposed with its <see cref="Lab"/>.</summary>
internal sealed class Shared<T>(Func<CancellationToken, Task<T>> create, Stack<IAsyncDisposable> owned)
    where T : class, IAsyncDisposable
{
    private T? _value;

    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        if (_value is null)
        {
            _value = await create(cancellationToken);
            owned.Push(_value);
        }

        return _value;
    }
}
