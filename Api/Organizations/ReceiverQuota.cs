using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Api.Organizations;

/// <summary>
/// Whether a project fits into what its new owner may have. Published sites over the limit would be no error: retention would take the files of the
/// receiver's older deployments away, which nobody who is handed a project expects.
/// </summary>
internal sealed class ReceiverQuota(PlatformDbContext database, ProjectArchives archives, IOptions<SourceOptions> sources, IOptions<RetentionOptions> retention)
{
    /// <summary>Until the end of the transaction nobody else hands something to this owner: of two that do not fit together one comes second.</summary>
    public Task TakeTurnAsync(Guid receiver, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"receiver:" + receiver}, 0))", cancellationToken);

    /// <returns>Why the project does not fit, or null. Who gets nothing that counts may be over the limit already.</returns>
    public async Task<ErrorResult?> RefuseAsync(Guid projectId, Guid owner, Guid receiver, CancellationToken cancellationToken)
    {
        if (await archives.AnyAsync(projectId, cancellationToken))
        {
            var uploads = await archives.SizeWithAsync(projectId, owner, receiver, cancellationToken);
            if (uploads > sources.Value.MaxOwnerArchiveBytes) return OrganizationErrors.ReceiverFull("uploads", sources.Value.MaxOwnerArchiveBytes, uploads);
        }

        var brought = await PublishedAsync(database.Deployments.Where(row => row.ProjectId == projectId), cancellationToken);
        if (brought == 0) return null;
        var together = brought + await PublishedAsync(database.Deployments.Where(row => row.OwnerId == receiver && row.ProjectId != projectId), cancellationToken);
        return together > retention.Value.OwnerBytes ? OrganizationErrors.ReceiverFull("sites", retention.Value.OwnerBytes, together) : null;
    }

    private static Task<long> PublishedAsync(IQueryable<Deployment> deployments, CancellationToken cancellationToken) =>
        deployments.Where(row => row.Manifest != null).SumAsync(row => row.OutputBytes ?? 0, cancellationToken);
}
