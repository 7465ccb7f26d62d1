namespace Bowline.WebRtc;

/// <summary>Who has a path of ICE. Called on threads of the engine: it does not block, and it never throws.</summary>
internal interface IIcePathOwner : IDatagramReceiver
{
    void CandidateFound(IcePath path, string candidate);

    void GatheringDone(IcePath path);

    void StateChanged(IcePath path, IceState state);

    void PairSelected(IcePath path, CandidatePair pair);

    /// <summary>Something above threw on the engine's thread, which must not happen: this connection is over, the others go on.</summary>
    void Faulted(Exception fault);
}
