namespace Bowline.Cli.Events;

/// <summary>What <c>bowline event verify</c> says of one event.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Id">Its id; absent when it could not be read.</param>
/// <param name="Valid">True when id and signature are right.</param>
/// <param name="Problem">What is wrong.</param>
internal sealed record EventVerdict(int Line, string? Id, bool Valid, string? Problem);
