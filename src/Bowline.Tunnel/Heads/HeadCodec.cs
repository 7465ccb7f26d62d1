namespace Bowline.Tunnel;

internal enum HeadVerdict
{
    Ok,
    Malformed,
    TooLarge,
    Version,
}

/// <summary>The head blocks of OPEN, HEAD and TRAILERS frames (docs/protocol/tunnel.md section 4). Length first, so an inlined body may follow.</summary>
internal static class HeadCodec
{
    public const byte Version = 1;

    private const byte FlagExpectContinue = 1;

    public static void WriteRequest(ref HeadWriter to, RequestHead head)
    {
        var start = Begin(ref to);
        to.Byte(head.ExpectContinue ? FlagExpectContinue : (byte)0);
        to.I64(head.SentUnixMs);
        to.U32(head.AgeLimitMs);
        to.U32(head.DeadlineMs);
        to.I64(head.ContentLength);
        to.Text(head.Method);
        to.Text(head.Path);
        to.Text(head.Service);
        to.Text(head.CallerKind);
        to.Text(head.CallerId);
        to.Text(head.Upgrade);
        to.Headers(head.Headers);
        to.PatchU32(start, (uint)(to.Length - start - 4));
    }

    public static HeadVerdict ReadRequest(ReadOnlySpan<byte> payload, RequestHead head, out ReadOnlySpan<byte> body)
    {
        if (Split(payload, out var reader, out body) is var verdict and not HeadVerdict.Ok)
        {
            return verdict;
        }

        var flags = reader.Byte();
        head.ExpectContinue = flags == FlagExpectContinue;
        head.SentUnixMs = reader.I64();
        head.AgeLimitMs = reader.U32();
        head.DeadlineMs = reader.U32();
        head.ContentLength = reader.I64();
        head.Method = reader.Text();
        head.Path = reader.Text();
        head.Service = reader.Text();
        head.CallerKind = reader.Text();
        head.CallerId = reader.Text();
        head.Upgrade = reader.Text();
        reader.Headers(head.Headers);
        var ok = !reader.Failed && reader.AtEnd && flags <= FlagExpectContinue && head.ContentLength >= -1 && HeadRules.IsToken(head.Method)
            && HeadRules.IsPath(head.Path) && HeadRules.IsService(head.Service) && (head.Upgrade.Length == 0 || HeadRules.IsToken(head.Upgrade))
            && HeadRules.IsFieldValue(head.CallerKind) && HeadRules.IsFieldValue(head.CallerId);
        return ok ? HeadVerdict.Ok : HeadVerdict.Malformed;
    }

    public static void WriteResponse(ref HeadWriter to, ResponseHead head)
    {
        var start = Begin(ref to);
        to.U16(head.Status);
        to.I64(head.ContentLength);
        to.Text(head.Upgrade);
        to.Headers(head.Headers);
        to.PatchU32(start, (uint)(to.Length - start - 4));
    }

    public static HeadVerdict ReadResponse(ReadOnlySpan<byte> payload, ResponseHead head, out ReadOnlySpan<byte> body)
    {
        if (Split(payload, out var reader, out body) is var verdict and not HeadVerdict.Ok)
        {
            return verdict;
        }

        head.Status = reader.U16();
        head.ContentLength = reader.I64();
        head.Upgrade = reader.Text();
        reader.Headers(head.Headers);
        var ok = !reader.Failed && reader.AtEnd && head.Status is >= 100 and <= 999 && head.ContentLength >= -1;
        return ok ? HeadVerdict.Ok : HeadVerdict.Malformed;
    }

    public static void WriteTrailers(ref HeadWriter to, TunnelHeaders trailers)
    {
        var start = Begin(ref to);
        to.Headers(trailers);
        to.PatchU32(start, (uint)(to.Length - start - 4));
    }

    public static HeadVerdict ReadTrailers(ReadOnlySpan<byte> payload, TunnelHeaders trailers)
    {
        if (Split(payload, out var reader, out var rest) is var verdict and not HeadVerdict.Ok)
        {
            return verdict;
        }

        reader.Headers(trailers);
        return reader.Failed || !reader.AtEnd || !rest.IsEmpty ? HeadVerdict.Malformed : HeadVerdict.Ok;
    }

    private static int Begin(ref HeadWriter to)
    {
        var start = to.Length;
        to.U32(0);
        to.Byte(Version);
        return start;
    }

    private static HeadVerdict Split(ReadOnlySpan<byte> payload, out HeadReader block, out ReadOnlySpan<byte> body)
    {
        block = default;
        body = default;
        var reader = new HeadReader(payload);
        var length = reader.U32();
        if (reader.Failed || length < 1)
        {
            return HeadVerdict.Malformed;
        }

        if (length > HeadRules.MaxHead)
        {
            return HeadVerdict.TooLarge;
        }

        if (length > payload.Length - 4)
        {
            return HeadVerdict.Malformed;
        }

        block = new HeadReader(payload.Slice(4, (int)length));
        body = payload[(4 + (int)length)..];
        return block.Byte() == Version ? HeadVerdict.Ok : HeadVerdict.Version;
    }
}
