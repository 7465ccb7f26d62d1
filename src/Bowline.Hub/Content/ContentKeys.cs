using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bowline.Core.Files;
using Bowline.Hub.Accounts;
using Bowline.Hub.Devices;

namespace Bowline.Hub.Content;

/// <summary>
/// The two signed things that let a browser into one service of one node: a ticket that crosses from the console's origin once,
/// and the cookie it is changed for. Both name the console session, and end with it.
/// </summary>
internal sealed class ContentKeys
{
    public const string CookieName = "bowline-content";

    /// <summary>A redirect takes milliseconds.</summary>
    internal static readonly TimeSpan TicketLife = TimeSpan.FromSeconds(30);

    /// <summary>A working day; then the browser passes the console once more, unseen.</summary>
    internal static readonly TimeSpan CookieLife = TimeSpan.FromHours(12);

    private readonly byte[] _key;
    private readonly NonceCache _used;
    private readonly TimeProvider _time;

    public ContentKeys(HubOptions options, TimeProvider time)
    {
        _time = time;
        _used = new NonceCache(time, perDevice: 10_000, total: 10_000);
        var file = Path.Combine(options.DataFolder, "keys", "content.key");
        if (!SecretFile.TryRead(file, out var key) || key.Length != 32)
        {
            key = RandomNumberGenerator.GetBytes(32);
            SecretFile.Write(file, key);
        }

        _key = key;
    }

    public string NewTicket(string sessionId, Device device, string service) => Sign("ticket", $"{sessionId}.{Expiry(TicketLife)}.{Secrets.NewId()}", device, service);

    /// <summary>The session a ticket was made for, once.</summary>
    public string? UseTicket(string? ticket, Device device, string service) =>
        Open("ticket", ticket, device, service) is [var session, var expiry, var nonce]
        && _used.Use("ticket", nonce, DateTimeOffset.FromUnixTimeSeconds(long.Parse(expiry, CultureInfo.InvariantCulture))) == NonceVerdict.Fresh
            ? session
            : null;

    public string NewCookie(string sessionId, Device device, string service) => Sign("cookie", $"{sessionId}.{Expiry(CookieLife)}.{Secrets.NewId()}", device, service);

    /// <summary>The session a cookie belongs to.</summary>
    public string? ReadCookie(string? cookie, Device device, string service) => Open("cookie", cookie, device, service) is [var session, ..] ? session : null;

    private string Expiry(TimeSpan life) => (_time.GetUtcNow() + life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private string Sign(string kind, string content, Device device, string service) => $"{content}.{Base64Url.EncodeToString(Mac(kind, content, device, service))}";

    private string[]? Open(string kind, string? text, Device device, string service)
    {
        var separator = text is { Length: <= 256 } ? text.LastIndexOf('.') : -1;
        if (separator < 0)
        {
            return null;
        }

        var content = text![..separator];
        var expected = Base64Url.EncodeToString(Mac(kind, content, device, service));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(text[(separator + 1)..])))
        {
            return null;
        }

        var parts = content.Split('.');
        return parts.Length == 3 && long.Parse(parts[1], CultureInfo.InvariantCulture) > _time.GetUtcNow().ToUnixTimeSeconds() ? parts : null;
    }

    private byte[] Mac(string kind, string content, Device device, string service) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{kind}\n{content}\n{device.Id}\n{service}"));
}
