using Platform.Api.Common;
using Platform.Api.Common.Audit;

namespace Platform.Api.Organizations;

internal static class OrganizationAudit
{
    /// <summary>An act that concerns an organisation, which its admins see in its log.</summary>
    public static AuditEntry Entry(
        string action, CurrentUser actor, Guid organizationId, string targetType, string targetId, params ReadOnlySpan<(string Name, string? Value)> details)
    {
        var facts = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in details) facts[name] = value;
        return new AuditEntry(action, actor.Id, targetType, targetId) { OwnerId = organizationId, Details = facts };
    }
}
