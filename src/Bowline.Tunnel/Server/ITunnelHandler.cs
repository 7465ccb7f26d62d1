namespace Bowline.Tunnel;

/// <summary>Answers the exchanges of one service.</summary>
public interface ITunnelHandler
{
    /// <summary>
    /// Handles one exchange; the response ends when the task does. An exception becomes a 500 with a trace id when nothing was sent yet,
    /// and a reset stream otherwise; its text stays on this machine.
    /// </summary>
    public Task HandleAsync(TunnelExchange exchange);
}
