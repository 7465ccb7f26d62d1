using System.Net.Sockets;
using System.Text;

namespace Bowline.WebRtc.Tests.Candidates;

/// <summary>Avahi's socket in a folder of its own; the test takes the questions and answers them, or does not.</summary>
internal sealed class FakeAvahi : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bowline-avahi-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Socket> _questions = [];

    public FakeAvahi()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
    }

    public string SocketPath => Path.Combine(_folder.FullName, "socket");

    /// <summary>A connection has been made that is not taken yet.</summary>
    public bool IsAsked => _listener.Poll(0, SelectMode.SelectRead);

    /// <summary>Takes both questions for a name, whichever comes first.</summary>
    public async Task<(Socket IPv4, Socket IPv6)> TakeQuestionsAsync(string name)
    {
        var taken = new Dictionary<string, Socket>(StringComparer.Ordinal);
        while (taken.Count < 2)
        {
            var socket = await _listener.AcceptAsync().WaitAsync(Limit);
            _questions.Add(socket);
            taken.Add(await ReadLineAsync(socket).WaitAsync(Limit), socket);
        }

        return (taken[$"RESOLVE-HOSTNAME-IPV4 {name}"], taken[$"RESOLVE-HOSTNAME-IPV6 {name}"]);
    }

    public static Task AnswerAsync(Socket question, string text) => question.SendAsync(Encoding.ASCII.GetBytes(text)).WaitAsync(Limit);

    /// <summary>Nothing more is said, and the side that asks has closed.</summary>
    public static async Task<bool> IsDroppedAsync(Socket question) => await question.ReceiveAsync(new byte[1]).WaitAsync(Limit) == 0;

    public void Dispose()
    {
        _questions.ForEach(static socket => socket.Dispose());
        _listener.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<string> ReadLineAsync(Socket socket)
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (await socket.ReceiveAsync(next) == 1 && next[0] != '\n')
        {
            line.Append((char)next[0]);
        }

        return line.ToString();
    }
}
