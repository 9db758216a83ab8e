using System.Text.Json;
using Platform.Core.Data.Entities;
using Platform.Core.Execution;

namespace Platform.Api.Execution.Storage;

/// <summary>Stored runs in the shapes of the contract.</summary>
internal sealed class ExecutionViews(ExecutionPayloads payloads)
{
    public static string Word(RunVerdict verdict) => JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.ToString());

    /// <summary>Where it stands before the end, the verdict after it.</summary>
    public static string Status(string status, string? verdict) => status == ExecutionStatus.Completed ? verdict ?? Word(RunVerdict.InternalError) : status;

    public ExecutionResponse Detail(StoredExecution row, bool withRequest = true, string? progress = null) => new(
        row.Id,
        row.Language,
        row.Mode,
        Status(row.Status, row.Verdict),
        row.Status == ExecutionStatus.Completed,
        progress,
        row.CancelRequested && row.Status != ExecutionStatus.Completed,
        row.BatchId,
        row.CreatedAt,
        row.StartedAt,
        row.CompletedAt,
        row.Result is null ? null : payloads.Response(row.Result),
        row.CallbackState is { } state ? new ExecutionCallbackResponse(row.CallbackUrl!, state, row.CallbackAttempts) : null,
        withRequest ? payloads.Request(row.Request) : null);
}
