using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Core.Data;

namespace Platform.Api.Users;

/// <summary>Everything that is stored about an account. Secrets are named, not told.</summary>
internal sealed record AccountExportResponse(
    ProfileResponse? Profile,
    PreferencesResponse Preferences,
    IReadOnlyList<ExportedSessionResponse> Sessions,
    IReadOnlyList<ExportedProjectResponse> Projects,
    IReadOnlyList<ExportedDeploymentResponse> Deployments,
    IReadOnlyList<ExportedInstallationResponse> Installations,
    IReadOnlyList<ExportedEventResponse> Events);

internal sealed record ExportedSessionResponse(Guid Id, string? UserAgent, string? IpAddress, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset? RevokedAt);

internal sealed record ExportedProjectResponse(Guid Id, string Name, string Slug, string Repository, string Branch, string RootDir, DateTimeOffset CreatedAt);

internal sealed record ExportedDeploymentResponse(Guid Id, Guid ProjectId, string Status, string Branch, string? CommitHash, DateTimeOffset CreatedAt, DateTimeOffset? CompletedAt);

internal sealed record ExportedInstallationResponse(long InstallationId, string AccountLogin, string AccountType, DateTimeOffset CreatedAt);

internal sealed record ExportedEventResponse(string Action, string? TargetType, string? TargetId, string? IpAddress, string? UserAgent, DateTimeOffset CreatedAt);

/// <summary>Collects an account's data for its person.</summary>
internal sealed class AccountExporter(PlatformDbContext database, ProfileService profiles, IAuditLog audit)
{
    // Bounded work for one request; who has more asks the lists, which are paged.
    private const int Most = 10_000;

    public async Task<AccountExportResponse> ExportAsync(CurrentUser caller, CancellationToken cancellationToken)
    {
        var id = caller.Id;
        await audit.RecordAsync(new AuditEntry(AuditActions.AccountExported, id, "user", id.ToString()), cancellationToken);
        return new AccountExportResponse(
            await profiles.FindAsync(caller, cancellationToken),
            await profiles.GetPreferencesAsync(id, cancellationToken),
            await database.Sessions.Where(row => row.UserId == id).OrderByDescending(row => row.CreatedAt).Take(Most)
                .Select(row => new ExportedSessionResponse(row.Id, row.UserAgent, row.IpAddress, row.CreatedAt, row.LastSeenAt, row.RevokedAt)).ToListAsync(cancellationToken),
            await database.Projects.Where(row => row.OwnerId == id).OrderByDescending(row => row.CreatedAt).Take(Most)
                .Select(row => new ExportedProjectResponse(row.Id, row.Name, row.Slug, row.Repository, row.Branch, row.RootDir, row.CreatedAt)).ToListAsync(cancellationToken),
            await database.Deployments.Where(row => row.OwnerId == id).OrderByDescending(row => row.CreatedAt).Take(Most)
                .Select(row => new ExportedDeploymentResponse(row.Id, row.ProjectId, row.Status, row.Branch, row.CommitHash, row.CreatedAt, row.CompletedAt)).ToListAsync(cancellationToken),
            await database.GitHubInstallations.Where(row => row.UserId == id)
                .Select(row => new ExportedInstallationResponse(row.InstallationId, row.AccountLogin, row.AccountType, row.CreatedAt)).ToListAsync(cancellationToken),
            await database.AuditEvents.Where(row => row.ActorId == id).OrderByDescending(row => row.CreatedAt).Take(Most)
                .Select(row => new ExportedEventResponse(row.Action, row.TargetType, row.TargetId, row.IpAddress, row.UserAgent, row.CreatedAt)).ToListAsync(cancellationToken));
    }
}
