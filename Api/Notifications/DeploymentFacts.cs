using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;

namespace Platform.Api.Notifications;

/// <summary>What is told about a deployment.</summary>
internal sealed record DeploymentFacts(
    Guid Id,
    Guid OwnerId,
    Guid UserId,
    Guid ProjectId,
    string Project,
    string Slug,
    string Repository,
    string Branch,
    string Environment,
    string? CommitHash,
    string? CommitMessage,
    string? Author,
    string? Url,
    int? BuildDuration,
    string? ErrorCode,
    string? ErrorMessage,
    DateTimeOffset CreatedAt)
{
    public static Task<DeploymentFacts?> FindAsync(PlatformDbContext database, Guid id, CancellationToken cancellationToken) =>
        database.Deployments.AsNoTracking().Where(row => row.Id == id)
            .Select(row => new DeploymentFacts(
                row.Id,
                row.OwnerId,
                row.UserId,
                row.ProjectId,
                row.Project!.Name,
                row.Project.Slug,
                row.Project.Repository,
                row.Branch,
                row.Environment,
                row.CommitHash,
                row.CommitMessage,
                row.Author,
                row.DeployedUrl,
                row.BuildDuration,
                row.ErrorCode,
                row.ErrorMessage,
                row.CreatedAt))
            .SingleOrDefaultAsync(cancellationToken)!;
}
