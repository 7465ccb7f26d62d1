using System.Runtime.InteropServices;

namespace Bowline.Cli.Infrastructure;

/// <summary>Turns Ctrl-C and a request to end into cancellation. A second Ctrl-C ends the process at once.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    public Interrupts()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal));
    }

    /// <summary>Fires at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>A person pressed Ctrl-C, rather than a service manager ending us.</summary>
    public bool ByKeyboard { get; private set; }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _count) > 1)
        {
            return; // The default action: the process ends here and now.
        }

        context.Cancel = true;
        ByKeyboard = context.Signal == PosixSignal.SIGINT;
        _source.Cancel();
    }
}
