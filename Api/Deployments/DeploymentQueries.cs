using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Jobs;
using Platform.Core.Realtime;

namespace Platform.Api.Deployments;

/// <summary>Reads deployments in the shapes of the contract.</summary>
internal sealed class DeploymentQueries(PlatformDbContext db, DeploymentLists lists, SiteAddresses sites, IJobQueue jobs)
{
    private const int LogsInDetail = 200;
    private const int RecentCount = 5;

    public async Task<DeploymentListResponse> ListAsync(IReadOnlyList<Guid> owners, DeploymentListQuery query, CancellationToken cancellationToken)
    {
        var page = new PageQuery(query.Page, query.Limit);
        var filter = new DeploymentLists.Filter(
            owners,
            query.Status is { Length: > 0 } status && status != DeploymentListQueryValidator.AllStatuses ? status : null,
            query.Search?.Trim() is { Length: > 0 } search ? search : null,
            query.Project,
            query.Branch is { Length: > 0 } branch ? branch : null,
            query.Environment is { Length: > 0 } environment ? environment : null);
        _ = TimeCursor.TryRead(query.Cursor, out var cursor);
        var total = await lists.CountAsync(filter, cancellationToken);
        var items = await ReadAsync(await lists.PageAsync(filter, cursor is null ? page.Skip : 0, page.Size + 1, cursor, cancellationToken), cancellationToken);
        var shown = items.Take(page.Size).ToList();
        var next = items.Count > page.Size ? new TimeCursor(shown[^1].Timestamp, shown[^1].Id).ToString() : null;
        return new DeploymentListResponse(shown, PaginationResponse.Of(page, total), next);
    }

    public async Task<RecentDeploymentsResponse> ListRecentAsync(IReadOnlyList<Guid> owners, CancellationToken cancellationToken) =>
        new(await ReadAsync(await lists.PageAsync(new DeploymentLists.Filter(owners), 0, RecentCount, after: null, cancellationToken), cancellationToken));

    /// <summary>Whom the deployment belongs to; null: there is none of this id.</summary>
    public Task<Guid?> FindOwnerAsync(Guid id, CancellationToken cancellationToken) =>
        db.Deployments.Where(deployment => deployment.Id == id).Select(deployment => (Guid?)deployment.OwnerId).FirstOrDefaultAsync(cancellationToken);

    public async Task<DeploymentDetailResponse?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var position = await FindPositionAsync(id, cancellationToken);
        var deployment = await db.Deployments.AsNoTracking().Include(row => row.Project).Include(row => row.Stages)
            .FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (deployment is null) return null;
        var logs = await db.DeploymentLogs.AsNoTracking().Where(line => line.DeploymentId == id)
            .OrderByDescending(line => line.Seq).Take(LogsInDetail).ToListAsync(cancellationToken);
        var lastSeq = logs.Count == 0 ? 0 : logs[0].Seq;
        var start = deployment.StartedAt ?? deployment.CreatedAt;
        var project = deployment.Project!;
        return new DeploymentDetailResponse(
            deployment.Id,
            deployment.OwnerId,
            project.Id,
            project.Name,
            Display(deployment.Source ?? project.Repository, project.Name),
            deployment.Branch,
            deployment.Status,
            deployment.Author,
            Short(deployment.CommitHash),
            deployment.CommitMessage,
            DurationText.Of(deployment.BuildDuration),
            deployment.CreatedAt,
            deployment.DeployedUrl,
            deployment.Status == DeploymentStatus.Success ? sites.Immutable(deployment.Id, project.Slug) : null,
            await FindBranchUrlAsync(deployment, project.Slug, cancellationToken),
            deployment.Environment,
            deployment.PullRequest,
            deployment.Approval,
            deployment.UseCache,
            project.ProductionDeploymentId == deployment.Id,
            deployment.Status == DeploymentStatus.Success && deployment.Manifest is not null && project.ProductionDeploymentId != deployment.Id,
            deployment.Status == DeploymentStatus.Queued ? position : null,
            deployment.ErrorCode is { } code ? new DeploymentErrorResponse(code, deployment.ErrorMessage ?? "", deployment.ErrorHint, deployment.ErrorLine) : null,
            [.. deployment.Stages.OrderBy(stage => Order(stage.StageName)).Select(ToResponse)],
            [.. Enumerable.Reverse(logs).Select(line => $"[{DurationText.Clock(line.Timestamp - start)}] {line.Message}")],
            lastSeq,
            lastSeq);
    }

    /// <summary>The whole log as text; written page by page, so that its length does not matter.</summary>
    /// <param name="id">Of the deployment.</param>
    /// <param name="target">Where it is written to.</param>
    /// <param name="ansi">With the sequences that colour a terminal.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteLogAsync(Guid id, Stream target, bool ansi, CancellationToken cancellationToken)
    {
        const int pageSize = 2000;
        var start = await db.Deployments.Where(row => row.Id == id).Select(row => row.StartedAt ?? row.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        await using var writer = new StreamWriter(target, leaveOpen: true);
        for (long after = 0; ;)
        {
            var lines = await ReadLinesAsync(id, after, pageSize, cancellationToken);
            foreach (var line in lines)
                await writer.WriteAsync($"[{DurationText.Clock(line.Timestamp - start)}] {(ansi ? line.Message : AnsiText.Strip(line.Message))}\n".AsMemory(), cancellationToken);
            await writer.FlushAsync(cancellationToken);
            if (lines.Count < pageSize) return;
            after = lines[^1].Seq;
        }
    }

    public async Task<LogPageResponse> ReadLogsAsync(Guid id, long after, int limit, CancellationToken cancellationToken)
    {
        var lines = await ReadLinesAsync(id, after, limit, cancellationToken);
        // Numbers have no gaps: the last one is also how many there are.
        var last = await db.DeploymentLogs.Where(line => line.DeploymentId == id).MaxAsync(line => (long?)line.Seq, cancellationToken) ?? 0;
        return new LogPageResponse([.. lines.Select(line => new LogLineResponse(line.Seq, line.Timestamp, line.Level, line.Message))], last, last);
    }

    public Task<List<LogLine>> ReadLinesAsync(Guid id, long after, int limit, CancellationToken cancellationToken) =>
        db.DeploymentLogs.AsNoTracking().Where(line => line.DeploymentId == id && line.Seq > after)
            .OrderBy(line => line.Seq).Take(limit)
            .Select(line => new LogLine(line.Seq, line.Timestamp, line.LogLevel, line.Message)).ToListAsync(cancellationToken);

    /// <summary>What a viewer of the log is told about the deployment; null: it is gone.</summary>
    public Task<DeploymentState?> ReadStateAsync(Guid id, CancellationToken cancellationToken) =>
        db.Deployments.AsNoTracking().Where(deployment => deployment.Id == id)
            .Select(deployment => new DeploymentState(deployment.OwnerId, deployment.Status, deployment.BuildDuration, deployment.DeployedUrl))
            .FirstOrDefaultAsync(cancellationToken);

    private static async Task<List<DeploymentItemResponse>> ReadAsync(IQueryable<Deployment> page, CancellationToken cancellationToken)
    {
        var rows = await page.Select(Row).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.Item with { Repo = Display(row.Item.Repo, row.Project), Commit = Short(row.Item.Commit), Duration = Duration(row.Item.Duration) })];
    }

    private static readonly Expression<Func<Deployment, ItemRow>> Row = deployment => new ItemRow(new DeploymentItemResponse(
        deployment.Id, deployment.OwnerId, deployment.Source ?? deployment.Project!.Repository, deployment.Branch, deployment.Status, deployment.Author, deployment.CommitHash,
        deployment.BuildDuration == null ? null : deployment.BuildDuration.ToString(), deployment.CreatedAt, deployment.DeployedUrl,
        deployment.ProjectId, deployment.Environment, deployment.PullRequest, deployment.Approval), deployment.Project!.Name);

    private static string? Duration(string? seconds) => seconds is null ? null : DurationText.Of(int.Parse(seconds, CultureInfo.InvariantCulture));

    private static DeploymentStageResponse ToResponse(DeploymentStage stage) => new(
        CultureInfo.InvariantCulture.TextInfo.ToTitleCase(stage.StageName), stage.Status, stage.StartedAt, stage.CompletedAt, stage.ErrorMessage);

    private static int Order(string stage) => stage switch
    {
        DeploymentStatus.Queued => 0,
        DeploymentStatus.Building => 1,
        DeploymentStatus.Deploying => 2,
        _ => 3,
    };

    // An uploaded archive has no name of its own.
    internal static string Display(string repository, string project) =>
        !RepositorySource.TryParse(repository, allowFiles: true, out var source, out _) ? repository
        : source.Kind == RepositoryKind.Archive ? project
        : source.Display;

    private async Task<string?> FindBranchUrlAsync(Deployment deployment, string slug, CancellationToken cancellationToken) =>
        await BranchAliases.FindAsync(db, deployment, cancellationToken) is { } alias && !BranchAliases.IsClosed(alias, deployment) ? sites.Branch(alias.Name, slug) : null;

    private async Task<int?> FindPositionAsync(Guid id, CancellationToken cancellationToken)
    {
        var job = await db.Deployments.Where(row => row.Id == id && row.Status == DeploymentStatus.Queued).Select(row => row.JobId).FirstOrDefaultAsync(cancellationToken);
        return job is { } jobId ? await jobs.GetPositionAsync(jobId, cancellationToken) : null;
    }

    private sealed record ItemRow(DeploymentItemResponse Item, string Project);

    private static string? Short(string? commit) => commit is { Length: > 7 } ? commit[..7] : commit;
}

internal sealed record DeploymentState(Guid OwnerId, string Status, int? BuildDuration, string? Url);
