using System.Globalization;

namespace Bowline.Testing.Namespaces;

/// <summary>
/// The process that is a bad link: it carries packets between two TUN interfaces, loses some, and holds the others back.
/// It stands in for the kernel's netem, which not every kernel has.
/// </summary>
public static class ImpairedLink
{
    /// <summary>The first argument of the process.</summary>
    public const string Argument = "--impaired-link";

    internal const string Ready = "impaired link is up";
    private const int LongestPacket = 65_536;

    /// <summary>Carries packets until its standard input ends.</summary>
    /// <param name="arguments">What <see cref="NetworkLab"/> gave it.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="output">Its standard output.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, TextReader input, TextWriter output, TimeProvider time)
    {
        using var one = TunDevice.Open(arguments[0]);
        using var other = TunDevice.OpenIn(int.Parse(arguments[1], CultureInfo.InvariantCulture), arguments[2]);
        var impairment = new Impairment
        {
            Delay = TimeSpan.FromTicks(long.Parse(arguments[3], CultureInfo.InvariantCulture)),
            Jitter = TimeSpan.FromTicks(long.Parse(arguments[4], CultureInfo.InvariantCulture)),
            Loss = double.Parse(arguments[5], CultureInfo.InvariantCulture),
            Duplication = double.Parse(arguments[6], CultureInfo.InvariantCulture),
            Seed = int.Parse(arguments[7], CultureInfo.InvariantCulture),
        };
        Carry(one, other, impairment, impairment.Seed * 2, time);
        Carry(other, one, impairment, impairment.Seed * 2 + 1, time);
        output.WriteLine(Ready);
        input.ReadToEnd(); // Nothing is said to it; the end of its input is the end of the link.
        return 0;
    }

    internal static string[] ToArguments(string one, int otherProcess, string other, Impairment impairment) =>
    [
        one, Text(otherProcess), other, Text(impairment.Delay.Ticks), Text(impairment.Jitter.Ticks), Text(impairment.Loss), Text(impairment.Duplication), Text(impairment.Seed),
    ];

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static void Carry(FileStream from, FileStream to, Impairment impairment, int seed, TimeProvider time)
    {
        var held = new HeldPackets(time);
        var schedule = new PacketSchedule(impairment, seed);
        Start(() =>
        {
            var buffer = new byte[LongestPacket];
            while (from.Read(buffer) is > 0 and var length)
            {
                foreach (var delay in schedule.Next())
                {
                    held.Add(buffer.AsSpan(0, length).ToArray(), delay);
                }
            }
        });
        Start(() =>
        {
            while (held.Take() is { } packet)
            {
                try
                {
                    to.Write(packet);
                }
                catch (IOException)
                {
                    // The interface is down: to the sender this is a packet lost like any other.
                }
            }
        });
    }

    private static void Start(ThreadStart work) => new Thread(work) { IsBackground = true }.Start();
}
