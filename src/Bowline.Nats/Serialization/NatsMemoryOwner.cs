using System.Buffers;

#pragma warning disable CA1000 // As NATS.Net has it: NatsMemoryOwner<byte>.Allocate(n).
namespace Bowline.Nats;

/// <summary>Pooled memory that holds a received payload; dispose it exactly once, after use.</summary>
public readonly struct NatsMemoryOwner<T> : IMemoryOwner<T>, IEquatable<NatsMemoryOwner<T>>
{
    private readonly T[]? _array;

    private NatsMemoryOwner(T[] array, int length)
    {
        _array = array;
        Length = length;
    }

    /// <summary>No memory.</summary>
    public static NatsMemoryOwner<T> Empty => default;

    /// <summary>How many elements are in use.</summary>
    public int Length { get; }

    /// <summary>The elements.</summary>
    public Memory<T> Memory => _array.AsMemory(0, Length);

    /// <summary>The elements.</summary>
    public Span<T> Span => _array.AsSpan(0, Length);

    /// <summary>Rents memory for <paramref name="size"/> elements.</summary>
    public static NatsMemoryOwner<T> Allocate(int size) => size == 0 ? default : new(ArrayPool<T>.Shared.Rent(size), size);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_array is not null)
        {
            ArrayPool<T>.Shared.Return(_array);
        }
    }

    /// <inheritdoc/>
    public bool Equals(NatsMemoryOwner<T> other) => ReferenceEquals(_array, other._array) && Length == other.Length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NatsMemoryOwner<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_array, Length);

    /// <summary>Same memory.</summary>
    public static bool operator ==(NatsMemoryOwner<T> left, NatsMemoryOwner<T> right) => left.Equals(right);

    /// <summary>Other memory.</summary>
    public static bool operator !=(NatsMemoryOwner<T> left, NatsMemoryOwner<T> right) => !left.Equals(right);
}
