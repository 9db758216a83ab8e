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
/// <param name="NodeVersion">Node version of builds, such as <c>22</c>; without it what the project has, or the repository says.</param>
internal sealed record CreateDeploymentRequest(
    string? Repository,
    string? Branch,
    string? RootDir = null,
    string? InstallCommand = null,
    string? BuildCommand = null,
    string? OutputDir = null,
    JsonElement? EnvVars = null,
    Guid? Owner = null,
    string? NodeVersion = null);

/// <summary>Start a deployment over.</summary>
/// <param name="UseCache">False: without what earlier builds left.</param>
/// <param name="Latest">The branch's latest commit with the project's settings of now; otherwise the same commit with the same settings.</param>
internal sealed record RedeployRequest(bool? UseCache = null, bool? Latest = null);

/// <summary>Settings of an upload, in the query or as fields of its form. A project that is there keeps those that are left out.</summary>
/// <param name="Project">The project to deploy to; without it a new one is made.</param>
/// <param name="Name">Name of the new project.</param>
/// <param name="RootDir">Directory of the project in the archive.</param>
/// <param name="InstallCommand">Fetches dependencies; without it detected.</param>
/// <param name="BuildCommand">Makes the output; without it detected.</param>
/// <param name="OutputDir">Directory of the output; without it detected.</param>
/// <param name="NodeVersion">Node version of builds, such as <c>22</c>; without it what the archive says.</param>
/// <param name="Owner">Whom the new project belongs to; without it the caller.</param>
internal sealed record UploadQuery(
    Guid? Project, string? Name, string? RootDir, string? InstallCommand, string? BuildCommand, string? OutputDir, string? NodeVersion, Guid? Owner);

/// <param name="Search">Part of a project's name or repository.</param>
/// <param name="Status">One of the states, or <c>all</c>.</param>
/// <param name="Project">Only of this project.</param>
/// <param name="Branch">Only of this branch.</param>
/// <param name="Environment"><c>production</c> or <c>preview</c>.</param>
/// <param name="Owner">Only what belongs to this person or organisation; without it everything the caller may see.</param>
/// <param name="Page">From 1.</param>
/// <param name="Limit">Items of a page.</param>
/// <param name="Cursor">The <c>nextCursor</c> of the page before, instead of a page's number.</param>
internal sealed record DeploymentListQuery(
    string? Search, string? Status, Guid? Project, string? Branch, string? Environment, Guid? Owner, int? Page, int? Limit, string? Cursor);

internal sealed record LogQuery(long? After, int? Limit);

/// <param name="Ansi">False: without the sequences that colour a terminal. Without it they stay.</param>
internal sealed record LogDownloadQuery(bool? Ansi);

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
    string? Url,
    Guid ProjectId,
    string Environment,
    int? PullRequest,
    string? Approval);

internal sealed record DeploymentListResponse(
    IReadOnlyList<DeploymentItemResponse> Deployments, Common.PaginationResponse Pagination, string? NextCursor);

internal sealed record RecentDeploymentsResponse(IReadOnlyList<DeploymentItemResponse> RecentDeployments);

/// <summary>One deployment with its stages and the end of its log.</summary>
/// <param name="Url">Production for what was built for it, otherwise the address of this deployment alone.</param>
/// <param name="ImmutableUrl">The address of this deployment alone.</param>
/// <param name="BranchUrl">The address that always shows the newest success of its branch or pull request; null: there is none, or they are closed.</param>
/// <param name="PullRequest">GitHub's number of the pull request that it previews.</param>
/// <param name="Approval"><c>waiting</c> or <c>approved</c> for what comes from a fork; otherwise null.</param>
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
    string? BranchUrl,
    string Environment,
    int? PullRequest,
    string? Approval,
    bool UseCache,
    bool InProduction,
    bool Promotable,
    int? QueuePosition,
    DeploymentErrorResponse? Error,
    IReadOnlyList<DeploymentStageResponse> Stages,
    IReadOnlyList<string> Logs,
    long LogsTotal,
    long LastSeq);

internal sealed record DeploymentErrorResponse(string Code, string Message, string? Hint, string? Line);

internal sealed record DeploymentStageResponse(string Name, string Status, DateTimeOffset? Timestamp, DateTimeOffset? CompletedAt, string? Error);

internal sealed record LogLineResponse(long Seq, DateTimeOffset Timestamp, string Level, string Message);

/// <summary>Lines after the asked number; <c>lastSeq</c> and <c>total</c> speak of the whole log.</summary>
internal sealed record LogPageResponse(IReadOnlyList<LogLineResponse> Lines, long LastSeq, long Total);

internal sealed record SampleResponse(string Name, string Title, string Description);

internal sealed record SampleListResponse(IReadOnlyList<SampleResponse> Samples);
