using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Limits;
using Platform.Core.Execution;

namespace Platform.Api.Execution.Storage;

internal static class StorageApi
{
    public static RouteGroupBuilder MapStoredExecutions(this RouteGroupBuilder group)
    {
        group.MapPost("/batch", AddBatchAsync).WithName("executeBatch").WithSummary("Run several pieces of code without waiting for them.")
            .WithRateLimit(RateLimitPolicy.AnonymousRuns);
        group.MapGet("/batch/{batchId:guid}", GetBatchAsync).WithName("getExecutionBatch").WithSummary("The runs of a batch.");
        group.MapGet("/history", ListAsync).WithName("listExecutions").WithSummary("Your runs, newest first.");
        group.MapDelete("/history", DeleteAllAsync).WithName("deleteExecutions").WithSummary("Delete all your runs with their sources and outputs.");
        group.MapDelete("/history/{id:guid}", DeleteAsync).WithName("deleteExecution").WithSummary("Delete a run with its source and outputs.");
        group.MapGet("/{id:guid}", GetAsync).WithName("getExecution").WithSummary("Where a run stands, and how it ended.");
        group.MapDelete("/{id:guid}", CancelAsync).WithName("cancelExecution").WithSummary("Take a run back; one that is over stays as it is.");
        return group;
    }

    private static async Task<Results<Accepted<ExecuteBatchResponse>, ErrorResult>> AddBatchAsync(
        ExecuteBatchRequest request, CurrentUser user, AsyncExecutions executions, RunQuota quota, HttpContext context, CancellationToken cancellationToken)
    {
        if (await quota.RefuseAsync(context, request.Executions!.Sum(ExecutionService.CountRuns)) is { } exhausted) return exhausted;
        return await executions.AddBatchAsync(request, user, cancellationToken) is { } accepted
            ? TypedResults.Accepted($"/api/execute/batch/{accepted.BatchId}", accepted)
            : ExecutionErrors.TooBusy(context);
    }

    private static async Task<Results<Ok<BatchResponse>, ErrorResult>> GetBatchAsync(
        Guid batchId, CurrentUser user, ExecutionHistory history, CancellationToken cancellationToken) =>
        await history.FindBatchAsync(batchId, user, cancellationToken) is { } found ? TypedResults.Ok(found) : ExecutionErrors.NotFound();

    private static async Task<Ok<HistoryResponse>> ListAsync(
        [AsParameters] HistoryQuery query, CurrentUser user, ExecutionHistory history, LanguageCatalog catalog, CancellationToken cancellationToken)
    {
        var language = query.Language is { Length: > 0 } name ? catalog.Find(name)?.Id ?? name : null;
        return TypedResults.Ok(await history.ListAsync(user, query, language, cancellationToken));
    }

    private static async Task<NoContent> DeleteAllAsync(CurrentUser user, ExecutionHistory history, CancellationToken cancellationToken)
    {
        await history.DeleteAllAsync(user, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ErrorResult>> DeleteAsync(
        Guid id, CurrentUser user, ExecutionHistory history, CancellationToken cancellationToken) =>
        await history.DeleteAsync(id, user, cancellationToken) ? TypedResults.NoContent() : ExecutionErrors.NotFound();

    private static async Task<Results<Ok<ExecutionResponse>, ErrorResult>> GetAsync(
        Guid id, CurrentUser user, ExecutionHistory history, CancellationToken cancellationToken) =>
        await history.FindAsync(id, user, cancellationToken) is { } found ? TypedResults.Ok(found) : ExecutionErrors.NotFound();

    private static async Task<Results<Ok<ExecutionResponse>, ErrorResult>> CancelAsync(
        Guid id, CurrentUser user, AsyncExecutions executions, ExecutionHistory history, CancellationToken cancellationToken)
    {
        // Whose it is decides before anything happens to it.
        if (await history.FindAsync(id, user, cancellationToken) is null) return ExecutionErrors.NotFound();
        await executions.CancelAsync(id, user, cancellationToken);
        return await history.FindAsync(id, user, cancellationToken) is { } found ? TypedResults.Ok(found) : ExecutionErrors.NotFound();
    }
}
