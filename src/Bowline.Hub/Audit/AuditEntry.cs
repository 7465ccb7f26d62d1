namespace Bowline.Hub.Audit;

/// <summary>One line of the audit log: who did what to what, when, from where.</summary>
internal sealed record AuditEntry(long Id, DateTimeOffset At, string Actor, string Action, string Subject, string Address, string Detail);
