using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Api.Organizations;

/// <summary>Uploads that a project is made of: they lie with its owner and go with it.</summary>
internal sealed class ProjectArchives(PlatformDbContext database, ISourceArchives archives)
{
    private static readonly string[] Reading = [DeploymentStatus.Building, DeploymentStatus.Deploying];

    /// <summary>Copies them: whatever becomes of the transfer, they are where they are looked for.</summary>
    public async Task CopyAsync(Guid projectId, Guid from, Guid to, CancellationToken cancellationToken)
    {
        foreach (var source in await FindAsync(projectId, cancellationToken)) await archives.CopyAsync(from, to, IdOf(source), cancellationToken);
    }

    /// <summary>Removes what an owner has of a project that belongs to another one. What else of theirs is made of it, or is just unpacking it, keeps it.</summary>
    public async Task DropAsync(Guid projectId, Guid owner, CancellationToken cancellationToken)
    {
        var sources = await FindAsync(projectId, cancellationToken);
        if (sources.Count == 0) return;
        var kept = await database.Deployments
            .Where(row => sources.Contains(row.Source!) && (row.OwnerId == owner || Reading.Contains(row.Status))).Select(row => row.Source!)
            .Union(database.Projects.Where(row => row.OwnerId == owner && sources.Contains(row.Repository)).Select(row => row.Repository)).ToListAsync(cancellationToken);
        foreach (var source in sources.Except(kept, StringComparer.Ordinal)) await archives.DeleteAsync(owner, IdOf(source), cancellationToken);
    }

    /// <summary>Bytes that an owner would have if they got the project's uploads as well; those that are copied already count once.</summary>
    public async Task<long> SizeWithAsync(Guid projectId, Guid from, Guid to, CancellationToken cancellationToken)
    {
        var size = await archives.GetSizeAsync(to, cancellationToken);
        foreach (var source in await FindAsync(projectId, cancellationToken))
        {
            await using var there = await archives.OpenAsync(to, IdOf(source), cancellationToken);
            if (there is not null) continue;
            await using var here = await archives.OpenAsync(from, IdOf(source), cancellationToken);
            size += here?.Length ?? 0;
        }

        return size;
    }

    /// <summary>Whether there is any.</summary>
    public async Task<bool> AnyAsync(Guid projectId, CancellationToken cancellationToken) => (await FindAsync(projectId, cancellationToken)).Count > 0;

    private async Task<List<string>> FindAsync(Guid projectId, CancellationToken cancellationToken) => await database.Deployments
        .Where(row => row.ProjectId == projectId && row.Source != null && row.Source.StartsWith("archive:")).Select(row => row.Source!)
        .Union(database.Projects.Where(row => row.Id == projectId && row.Repository.StartsWith("archive:")).Select(row => row.Repository)).ToListAsync(cancellationToken);

    private static Guid IdOf(string source) =>
        RepositorySource.TryParse(source, allowFiles: false, out var parsed, out _) && parsed.ArchiveId is { } id ? id : Guid.Empty;
}
