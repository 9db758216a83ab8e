using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Core.Data;

namespace Platform.Api.Users;

/// <summary>Everything that is stored about an account. Secrets are named, not told.</summary>
internal sealed record AccountExport(
    ProfileResponse? Profile,
    PreferencesResponse Preferences,
    IReadOnlyList<ExportedSession> Sessions,
    IReadOnlyList<ExportedProject> Projects,
    IReadOnlyList<ExportedDeployment> Deployments,
    IReadOnlyList<ExportedInstallation> Installations,
    IReadOnlyList<ExportedEvent> Events);

internal sealed record ExportedSession(Guid Id, string? UserAgent, string? IpAddress, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset? RevokedAt);

internal sealed record ExportedProject(Guid Id, string Name, string Slug, string Repository, string Branch, string RootDir, DateTimeOffset CreatedAt);

internal sealed record ExportedDeployment(Guid Id, Guid ProjectId, string Status, string Branch, string? CommitHash, DateTimeOffset CreatedAt, DateTimeOffset? CompletedAt);

internal sealed record ExportedInstallation(long InstallationId, string AccountLogin, string AccountType, DateTimeOffset CreatedAt);

internal sealed record ExportedEvent(string Action, string? TargetType, string? TargetId, string? IpAddress, string? UserAgent, DateTimeOffset CreatedAt);

/// <summary>Collects an account's data for its person.</summary>
internal sealed class AccountExporter(PlatformDbContext database, ProfileService profiles, IAuditLog audit)
{
    // Bounded work for one request; who has more asks the lists, which are paged.
    private const int Most = 10_000;

    public async Task<AccountExport> ExportAsync(CurrentUser caller, CancellationToken cancellationToken)
    {
        var id = caller.Id;
        await audit.RecordAsync(new AuditEntry(AuditActions.AccountExported, id, "user", id.ToString()), cancellationToken);
        return new AccountExport(
            await profiles.FindAsync(caller, cancellationToken),
            await profiles.GetPreferencesAsync(id, cancellationToken),
            await database.Sessions.Where(row => row.UserId == id).OrderByDescending(row => row.CreatedAt).Take(Most)
                .Select(row => new ExportedSession(row.Id, row.UserAgent, row.IpAddress, row.CreatedAt, row.LastSeenAt, row.RevokedAt)).ToListAsync(cancellationToken),
            await database.Projects.Where(row => row.OwnerId == id).OrderByDescending(row => row.CreatedAt).Take(Most)
                .Select(row => new ExportedProject(row.Id, row.Name, row.Slug, row.Repository, row.Branch, row.RootDir, row.CreatedAt)).ToListAsync(cancellationToken),
            await database.Deployments.Where(row => row.OwnerId == id).OrderByDescending(row => row.CreatedAt).Take(Most)
                .Select(row => new ExportedDeployment(row.Id, row.ProjectId, row.Status, row.Branch, row.CommitHash, row.CreatedAt, row.CompletedAt)).ToListAsync(cancellationToken),
            await database.GitHubInstallations.Where(row => row.UserId == id)
                .Select(row => new ExportedInstallation(row.InstallationId, row.AccountLogin, row.AccountType, row.CreatedAt)).ToListAsync(cancellationToken),
            await database.AuditEvents.Where(row => row.ActorId == id).OrderByDescending(row => row.CreatedAt).Take(Most)
                .Select(row => new ExportedEvent(row.Action, row.TargetType, row.TargetId, row.IpAddress, row.UserAgent, row.CreatedAt)).ToListAsync(cancellationToken));
    }
}
