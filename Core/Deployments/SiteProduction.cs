using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Realtime;

namespace Platform.Core.Deployments;

/// <summary>Production moved to a deployment, or was there already.</summary>
/// <param name="Slug">The project's slug.</param>
/// <param name="DeploymentId">What production points to now.</param>
/// <param name="PreviousDeploymentId">What it pointed to before.</param>
public sealed record ProductionMove(string Slug, Guid DeploymentId, Guid? PreviousDeploymentId);

/// <summary>
/// Moves the production pointer of projects. Each move is one statement that holds the project's row: of two at the same time one comes after
/// the other, and both are in the history.
/// </summary>
/// <remarks>
/// A finished deployment that is no preview takes production unless somebody has rolled back (then it waits to be promoted), or something newer has been decided
/// meanwhile: a deployment that was asked for later and finished earlier, or a promotion by hand.
/// </remarks>
public sealed class SiteProduction(NpgsqlDataSource source, IEventBus events, TimeProvider time)
{
    // The project is locked before its deployments everywhere, so that nobody waits in a circle. FOR SHARE sees a deployment whose files
    // retention is just taking away as it is afterwards.
    private const string Move = """
        WITH before AS (
            SELECT id, slug, production_deployment_id AS previous, env_vars FROM projects WHERE id = @project FOR UPDATE
        ), target AS (
            SELECT d.id, d.env_vars, d.created_at FROM before JOIN deployments d ON d.project_id = before.id
            WHERE d.id = ({target}) AND d.status = 'success' AND d.manifest IS NOT NULL AND (@from IS NULL OR before.previous = @from)
            FOR SHARE OF d
        ), moved AS (
            UPDATE projects p
            SET production_deployment_id = target.id, production_pinned = @pinned,
                production_as_of = CASE WHEN @resume THEN target.created_at ELSE @now END,
                env_vars = CASE WHEN @environment THEN target.env_vars ELSE p.env_vars END,
                updated_at = @now
            FROM before, target WHERE p.id = before.id
            RETURNING before.slug, before.previous, before.env_vars AS replaced, target.id AS current
        ), noted AS (
            INSERT INTO production_changes (project_id, deployment_id, previous_deployment_id, user_id, reason, replaced_env_vars, created_at)
            SELECT @project, current, previous, @user, @reason, CASE WHEN @environment THEN replaced END, @now FROM moved WHERE current IS DISTINCT FROM previous
        )
        SELECT slug, current, previous FROM moved
        """;

    private const string TargetMark = "{target}";
    private const string Named = "@deployment";

    // What a rollback came from is newer: going back once more must not go forward to it. What was resumed to was there before, unless it became
    // production by that.
    private const string Previous = """
        SELECT c.previous_deployment_id FROM production_changes c JOIN deployments e ON e.id = c.previous_deployment_id
        WHERE c.project_id = before.id AND c.deployment_id = before.previous AND c.reason <> 'rollback' AND e.manifest IS NOT NULL
        ORDER BY c.reason = 'resume', c.created_at DESC LIMIT 1
        """;

    private const string Newest = """
        SELECT e.id FROM deployments e WHERE e.project_id = before.id AND e.status = 'success' AND e.environment = 'production' AND e.manifest IS NOT NULL
        ORDER BY e.created_at DESC, e.id DESC LIMIT 1
        """;

    /// <summary>Makes a deployment production and lets later ones follow. Null: there is no such successful deployment with files in this project.</summary>
    public Task<ProductionMove?> PromoteAsync(Guid projectId, Guid deploymentId, Guid? userId, CancellationToken cancellationToken) =>
        MoveAsync(projectId, Named, deploymentId, null, userId, ProductionChangeReason.Promote, cancellationToken);

    /// <summary>
    /// Takes production back to a deployment, or to the one before the current, with that deployment's environment, and keeps it there: later
    /// deployments wait until one is promoted or <see cref="ResumeAsync"/> undoes it. Null: there is nothing to go back to, or production is not where
    /// it was said to be.
    /// </summary>
    /// <param name="projectId">The project.</param>
    /// <param name="deploymentId">Where to; null: to the one before the current.</param>
    /// <param name="from">What production must be, so that of two who leave the same deployment one moves it; null: whatever it is.</param>
    /// <param name="userId">Who does it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<ProductionMove?> RollBackAsync(Guid projectId, Guid? deploymentId, Guid? from, Guid? userId, CancellationToken cancellationToken) =>
        MoveAsync(projectId, deploymentId is null ? Previous : Named, deploymentId, from, userId, ProductionChangeReason.Rollback, cancellationToken);

    /// <summary>Undoes a rollback: production goes to the newest successful deployment, and later ones follow again.</summary>
    public Task<ProductionMove?> ResumeAsync(Guid projectId, Guid? userId, CancellationToken cancellationToken) =>
        MoveAsync(projectId, Newest, null, null, userId, ProductionChangeReason.Resume, cancellationToken);

    /// <summary>
    /// Moves production to a deployment that has just succeeded, within the transaction that says so. False when production stays where it is;
    /// the caller announces the change after its commit.
    /// </summary>
    public static async Task<bool> AdvanceAsync(PlatformDbContext db, Guid projectId, Guid deploymentId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        return await db.Database.ExecuteSqlAsync(
            $"""
            WITH before AS (
                SELECT id, production_deployment_id AS previous FROM projects WHERE id = {projectId} FOR UPDATE
            ), moved AS (
                UPDATE projects p SET production_deployment_id = d.id, production_as_of = d.created_at, updated_at = {now}
                FROM before, deployments d
                WHERE p.id = before.id AND d.id = {deploymentId} AND d.project_id = before.id AND d.environment = 'production'
                    AND NOT p.production_pinned AND (p.production_as_of IS NULL OR p.production_as_of <= d.created_at)
                RETURNING before.previous, d.id AS current
            )
            INSERT INTO production_changes (id, project_id, deployment_id, previous_deployment_id, reason, created_at)
            SELECT {id}, {projectId}, current, previous, 'deploy', {now} FROM moved
            """,
            cancellationToken) > 0;
    }

    private async Task<ProductionMove?> MoveAsync(
        Guid projectId, string target, Guid? deploymentId, Guid? from, Guid? userId, string reason, CancellationToken cancellationToken)
    {
        var move = await ExecuteAsync(projectId, target, deploymentId, from, userId, reason, cancellationToken);
        if (move is not null) await SiteAnnouncements.TryAsync(events, move.Slug, cancellationToken);
        return move;
    }

    private async Task<ProductionMove?> ExecuteAsync(
        Guid projectId, string target, Guid? deploymentId, Guid? from, Guid? userId, string reason, CancellationToken cancellationToken)
    {
        // One of three constants of this class is put into another.
#pragma warning disable CA2100
        var command = new NpgsqlBatchCommand(Move.Replace(TargetMark, target, StringComparison.Ordinal));
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter("project", projectId));
        if (target == Named) command.Parameters.Add(new NpgsqlParameter("deployment", deploymentId!.Value));
        command.Parameters.Add(new NpgsqlParameter("pinned", reason == ProductionChangeReason.Rollback));
        command.Parameters.Add(new NpgsqlParameter("resume", reason == ProductionChangeReason.Resume));
        // What is promoted may be a preview, whose environment is another one.
        command.Parameters.Add(new NpgsqlParameter("environment", reason != ProductionChangeReason.Promote));
        command.Parameters.Add(new NpgsqlParameter("from", NpgsqlDbType.Uuid) { Value = (object?)from ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter("user", NpgsqlDbType.Uuid) { Value = (object?)userId ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter("reason", reason));
        command.Parameters.Add(new NpgsqlParameter("now", time.GetUtcNow()));
        // A statement sees the history as it was when it began: the row is held by one before, for whoever moved it meanwhile. Both are one round trip and one transaction.
        var hold = new NpgsqlBatchCommand("SELECT FROM projects WHERE id = @project FOR UPDATE");
        hold.Parameters.Add(new NpgsqlParameter("project", projectId));
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(hold);
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new ProductionMove(reader.GetString(0), reader.GetGuid(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetGuid(2));
    }
}
