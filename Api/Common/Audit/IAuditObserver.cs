namespace Platform.Api.Common.Audit;

/// <summary>Learns of every entry of the audit log, within the same transaction.</summary>
internal interface IAuditObserver
{
    Task ObserveAsync(AuditEntry entry, CancellationToken cancellationToken);
}
