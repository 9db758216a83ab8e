using FluentValidation;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Validation;
using Platform.Api.Execution.Callbacks;
using Platform.Core.Data.Entities;
using Platform.Core.Execution;

namespace Platform.Api.Execution.Storage;

/// <summary>Accepts runs without a waiting caller, and takes them back.</summary>
internal sealed class AsyncExecutions(
    ExecutionStore store,
    ExecutionPayloads payloads,
    CallbackSecrets secrets,
    AsyncRunner runner,
    LanguageCatalog catalog,
    IValidator<ExecuteRequest> validator,
    IOptions<AsyncOptions> options,
    TimeProvider time)
{
    /// <returns>The id, or null when too many of the owner are unfinished.</returns>
    public async Task<Guid?> AddAsync(ExecuteRequest request, CurrentUser user, CancellationToken cancellationToken)
    {
        if (await store.CountUnfinishedAsync(user.OwnerId, cancellationToken) >= options.Value.MaxQueuedPerOwner) return null;
        var row = Row(request, user, batchId: null);
        await store.AddAsync([row], cancellationToken);
        runner.Wake();
        return row.Id;
    }

    /// <summary>Each request is looked at by itself: one that is refused does not hold up the others.</summary>
    /// <returns>Null when too many of the owner are unfinished.</returns>
    public async Task<ExecuteBatchResponse?> AddBatchAsync(ExecuteBatchRequest batch, CurrentUser user, CancellationToken cancellationToken)
    {
        var requests = batch.Executions!;
        if (await store.CountUnfinishedAsync(user.OwnerId, cancellationToken) + requests.Count > options.Value.MaxQueuedPerOwner) return null;
        var batchId = Guid.CreateVersion7();
        var items = new List<BatchItemResponse>();
        var rows = new List<StoredExecution>();
        for (var index = 0; index < requests.Count; index++)
        {
            if (requests[index] is not { } given)
            {
                items.Add(Refused(index, new Dictionary<string, string[]> { [""] = ["The request is null."] }));
                continue;
            }

            var request = given with { Mode = ExecuteMode.Async };
            var result = await validator.ValidateAsync(request, cancellationToken);
            if (!result.IsValid)
            {
                items.Add(Refused(index, ValidationConventions.ToFields(result)));
                continue;
            }

            var row = Row(request, user, batchId);
            // Ids of one moment have no order; the items have.
            row.CreatedAt += TimeSpan.FromMicroseconds(index);
            rows.Add(row);
            items.Add(new BatchItemResponse(index, row.Id, ExecutionStatus.Queued, null));
        }

        if (rows.Count > 0) await store.AddAsync(rows, cancellationToken);
        runner.Wake();
        return new ExecuteBatchResponse(batchId, items);
    }

    /// <summary>Takes a run back; one that is over stays as it is.</summary>
    public async Task CancelAsync(Guid id, CurrentUser user, CancellationToken cancellationToken)
    {
        var cancelled = FinishedExecution.Of(ExecuteResponses.Of(id, RunVerdict.Cancelled, message: null), payloads);
        await store.CancelAsync(id, user.OwnerId, cancelled, cancellationToken);
        await runner.CancelAsync(id, cancellationToken);
    }

    private static BatchItemResponse Refused(int index, IReadOnlyDictionary<string, string[]> errors) => new(index, null, null, errors);

    private StoredExecution Row(ExecuteRequest request, CurrentUser user, Guid? batchId) => new()
    {
        Id = Guid.CreateVersion7(),
        OwnerId = user.OwnerId,
        UserId = user.Id,
        BatchId = batchId,
        Language = catalog.Find(request.Language!)!.Id,
        Mode = ExecutionMode.Async,
        Request = payloads.Pack(request),
        CallbackUrl = request.Callback?.Url,
        CallbackSecret = request.Callback is { } callback ? secrets.Protect(callback.Secret!) : null,
        CallbackState = request.Callback is null ? null : ExecutionCallbackState.Waiting,
        CreatedAt = time.GetUtcNow(),
    };
}
