using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Bowline.WebRtc.Tests.Peers;

public sealed class OwnedTasksTests
{
    [Fact]
    public async Task What_fails_on_the_side_is_not_told_to_the_whole_process()
    {
        var unobserved = new ConcurrentQueue<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> listen = (_, told) => unobserved.Enqueue(told.Exception.GetBaseException());
        TaskScheduler.UnobservedTaskException += listen;
        try
        {
            var work = Fail(new OwnedTasks());
            await ChannelTests.WaitUntilAsync(() =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !work.IsAlive || unobserved.Any(IsIts);
            });
            GC.WaitForPendingFinalizers();
            Assert.DoesNotContain(unobserved, IsIts);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= listen;
        }
    }

    private static bool IsIts(Exception failure) => failure is NotSupportedException { Message: nameof(OwnedTasksTests) };

    /// <summary>Something that is collected no earlier than the task.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Fail(OwnedTasks tasks)
    {
        var failure = new NotSupportedException(nameof(OwnedTasksTests));
        tasks.Run(() => Task.FromException(failure));
        return new(failure, trackResurrection: true);
    }
}
