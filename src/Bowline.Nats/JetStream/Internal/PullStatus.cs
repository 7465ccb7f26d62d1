namespace Bowline.Nats.JetStream;

/// <summary>What a status that ended a pull means for the one who pulls.</summary>
internal enum PullOutcome
{
    /// <summary>The pull is over; pull again.</summary>
    PullAgain,

    /// <summary>The server is busy or moving; pull again after a pause.</summary>
    PullLater,

    /// <summary>The consumer does not exist any more.</summary>
    ConsumerDeleted,

    /// <summary>Pulling again would end alike.</summary>
    Refused,
}

/// <summary>Reads the statuses of pulls. The server tells them apart by words only.</summary>
internal static class PullStatus
{
    public static PullOutcome Read(int code, string text) => code switch
    {
        404 or 408 => PullOutcome.PullAgain,
        503 => PullOutcome.PullLater,
        409 when Says(text, "Consumer Deleted") => PullOutcome.ConsumerDeleted,
        409 when Says(text, "Leadership Change") || Says(text, "Server Shutdown") || Says(text, "Exceeded MaxWaiting") => PullOutcome.PullLater,
        409 when Says(text, "MaxBytes") && !Says(text, "Exceeded MaxRequest") => PullOutcome.PullAgain,
        _ => PullOutcome.Refused,
    };

    private static bool Says(string text, string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
}
