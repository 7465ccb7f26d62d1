namespace Bowline.Hub.Hosting;

/// <summary>Which of the hub's two origins a connection came in by; set on every Kestrel connection.</summary>
internal sealed record HubListener(bool IsContent)
{
    public static readonly HubListener Console = new(IsContent: false);
    public static readonly HubListener Content = new(IsContent: true);
}
