namespace Bowline.WebRtc;

/// <summary>Who has a transport. Called on threads of the engine: it takes no lock that is held while the transport is called.</summary>
internal interface ITransportOwner
{
    void TransportUp();

    void TransportEnded(WebRtcException reason);
}
