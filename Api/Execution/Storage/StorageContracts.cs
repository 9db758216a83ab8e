using FluentValidation;
using Platform.Api.Common;

namespace Platform.Api.Execution.Storage;

/// <summary>A run as its owner sees it.</summary>
/// <param name="Id">What it is known by.</param>
/// <param name="Language">Id of the language.</param>
/// <param name="Mode"><c>sync</c> or <c>async</c>.</param>
/// <param name="Status"><c>queued</c>, <c>compiling</c>, <c>running</c>; after the end the verdict.</param>
/// <param name="Completed">It is over: the status changes no more.</param>
/// <param name="Progress">What it waits for, such as the build of an image; null when that is not known.</param>
/// <param name="Cancelling">It was taken back and is about to end.</param>
/// <param name="BatchId">The batch that it came with, or null.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="StartedAt">When its compiler or program was started; null before.</param>
/// <param name="CompletedAt">When it ended; null before.</param>
/// <param name="Result">How it ended; null before.</param>
/// <param name="Callback">Who is told about it, and whether that succeeded; null when nobody.</param>
/// <param name="Request">What was asked for; null where only the outcome is sent.</param>
internal sealed record ExecutionResponse(
    Guid Id,
    string Language,
    string Mode,
    string Status,
    bool Completed,
    string? Progress,
    bool Cancelling,
    Guid? BatchId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    ExecuteResponse? Result,
    ExecutionCallbackResponse? Callback,
    ExecuteRequest? Request);

/// <param name="Url">Who is told.</param>
/// <param name="State"><c>waiting</c> for the end, <c>pending</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Attempts">How often it was tried.</param>
internal sealed record ExecutionCallbackResponse(string Url, string State, int Attempts);

/// <summary>A run that was accepted and not waited for.</summary>
internal sealed record ExecutionAcceptedResponse(Guid Id, string Status);

/// <summary>Several requests at a time.</summary>
/// <param name="Executions">As for one; all are run without a waiting caller.</param>
internal sealed record ExecuteBatchRequest(IReadOnlyList<ExecuteRequest>? Executions);

/// <summary>What became of the requests.</summary>
internal sealed record ExecuteBatchResponse(Guid BatchId, IReadOnlyList<BatchItemResponse> Executions);

/// <param name="Index">Its place in the request.</param>
/// <param name="Id">What it is known by; null when it was refused.</param>
/// <param name="Status"><c>queued</c>, or null when it was refused.</param>
/// <param name="Errors">The messages of each field; null when it was accepted.</param>
internal sealed record BatchItemResponse(int Index, Guid? Id, string? Status, IReadOnlyDictionary<string, string[]>? Errors);

/// <summary>The runs of a batch that were accepted.</summary>
internal sealed record BatchResponse(Guid BatchId, bool Completed, IReadOnlyList<ExecutionResponse> Executions);

/// <summary>Runs of the past, newest first.</summary>
/// <param name="Executions">This page.</param>
/// <param name="Pagination">Where it stands.</param>
/// <param name="NextCursor">For <c>cursor</c>, to go on from here; null at the end.</param>
internal sealed record HistoryResponse(IReadOnlyList<HistoryItemResponse> Executions, PaginationResponse Pagination, string? NextCursor);

/// <summary>A run without its source and outputs.</summary>
internal sealed record HistoryItemResponse(
    Guid Id,
    string Language,
    string Mode,
    string Status,
    bool Completed,
    Guid? BatchId,
    double? TimeMs,
    long? MemoryKb,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt);

/// <summary>Which runs of the past.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Limit">How many.</param>
/// <param name="Cursor">From an earlier answer; then there is no page.</param>
/// <param name="Language">Only those of this language.</param>
internal sealed record HistoryQuery(int? Page, int? Limit, string? Cursor, string? Language)
{
    public PageQuery Paging => new(Page, Limit);
}

internal sealed class HistoryQueryValidator : AbstractValidator<HistoryQuery>
{
    public HistoryQueryValidator()
    {
        RuleFor(query => query.Page).InclusiveBetween(1, PageQuery.MaxPage);
        RuleFor(query => query.Limit).InclusiveBetween(1, PageQuery.MaxLimit);
        RuleFor(query => query.Cursor)
            .Must(cursor => cursor is null || HistoryCursor.Read(cursor) is not null).WithMessage("Take the cursor of an earlier answer.")
            .Must((query, cursor) => cursor is null || query.Page is null).WithMessage("Give either a page or a cursor.");
    }
}

internal sealed class ExecuteBatchRequestValidator : AbstractValidator<ExecuteBatchRequest>
{
    public const int MaxItems = 20;

    public ExecuteBatchRequestValidator() =>
        RuleFor(request => request.Executions)
            .Must(items => items is { Count: >= 1 and <= MaxItems }).WithMessage($"Give 1 to {MaxItems} executions.");
}
