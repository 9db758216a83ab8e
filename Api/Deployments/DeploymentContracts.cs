using System.Text.Json;

namespace Platform.Api.Deployments;

/// <summary>A new deployment. Null or empty commands and directories are detected from the repository.</summary>
/// <param name="Repository">An https Git URL, or <c>sample:name</c>; in Development also <c>file://</c> and the path of a bare repository.</param>
/// <param name="Branch">The branch to deploy.</param>
/// <param name="RootDir">Directory of the project in the repository.</param>
/// <param name="InstallCommand">Fetches dependencies.</param>
/// <param name="BuildCommand">Makes the output.</param>
/// <param name="OutputDir">Directory of the output, relative to the root directory.</param>
/// <param name="EnvVars">Environment of the build: an object, or lines of <c>NAME=value</c>.</param>
/// <param name="Owner">Whom it belongs to, an organisation; without it the caller.</param>
internal sealed record CreateDeploymentRequest(
    string? Repository,
    string? Branch,
    string? RootDir = null,
    string? InstallCommand = null,
    string? BuildCommand = null,
    string? OutputDir = null,
    JsonElement? EnvVars = null,
    Guid? Owner = null);

/// <param name="Owner">Only what belongs to this person or organisation; without it everything the caller may see.</param>
internal sealed record DeploymentListQuery(string? Search, string? Status, Guid? Owner, int? Page, int? Limit);

internal sealed record LogQuery(long? After, int? Limit);

internal sealed record DeploymentItemResponse(
    Guid Id,
    Guid Owner,
    string Repo,
    string Branch,
    string Status,
    string? Author,
    string? Commit,
    string? Duration,
    DateTimeOffset Timestamp,
    string? Url);

internal sealed record DeploymentListResponse(IReadOnlyList<DeploymentItemResponse> Deployments, Common.PaginationResponse Pagination);

internal sealed record RecentDeploymentsResponse(IReadOnlyList<DeploymentItemResponse> Deployments);

/// <summary>One deployment with its stages and the end of its log.</summary>
internal sealed record DeploymentDetailResponse(
    Guid Id,
    Guid Owner,
    Guid ProjectId,
    string Project,
    string Repo,
    string Branch,
    string Status,
    string? Author,
    string? Commit,
    string? CommitMessage,
    string? Duration,
    DateTimeOffset Timestamp,
    string? Url,
    string? ImmutableUrl,
    DeploymentErrorResponse? Error,
    IReadOnlyList<DeploymentStageResponse> Stages,
    IReadOnlyList<string> Logs,
    long LogsTotal,
    long LastSeq);

internal sealed record DeploymentErrorResponse(string Code, string Message);

internal sealed record DeploymentStageResponse(string Name, string Status, DateTimeOffset? Timestamp, DateTimeOffset? CompletedAt, string? Error);

internal sealed record LogLineResponse(long Seq, DateTimeOffset Timestamp, string Level, string Message);

/// <summary>Lines after the asked number; <c>lastSeq</c> and <c>total</c> speak of the whole log.</summary>
internal sealed record LogPageResponse(IReadOnlyList<LogLineResponse> Lines, long LastSeq, long Total);

internal sealed record SampleResponse(string Name, string Title, string Description);

internal sealed record SampleListResponse(IReadOnlyList<SampleResponse> Samples);
