namespace Platform.Api.GitHub;

/// <param name="ReturnUrl">The page to come back to; the settings when it is left out.</param>
internal sealed record ConnectGitHubRequest(string? ReturnUrl);

/// <param name="Url">Where to send the browser.</param>
internal sealed record ConnectGitHubResponse(string Url);

/// <param name="Available">This installation can be connected with GitHub; where not, nothing of it is shown.</param>
/// <param name="AppAvailable">This installation has a GitHub App to install.</param>
/// <param name="Connected">An account is connected, and GitHub takes its token as far as is known.</param>
/// <param name="Broken">GitHub refused the token: connect again.</param>
/// <param name="Scopes">What the token may do; empty for one of the App, which has permissions instead.</param>
/// <param name="RepositoriesShown">GitHub is where the account hosts, so that its repositories are listed.</param>
internal sealed record GitHubConnectionResponse(
    bool Available, bool AppAvailable, bool Connected, bool Broken, string? Username, IReadOnlyList<string> Scopes, DateTimeOffset? ConnectedAt, bool AppInstalled, bool RepositoriesShown);

/// <param name="Refresh">Asks GitHub again instead of taking what is at most five minutes old.</param>
internal sealed record RepositoryQuery(string? Search, int? Page, int? Limit, bool? Refresh);

internal sealed record RepositoryResponse(
    long Id, string Owner, string Name, string FullName, bool Private, bool Fork, bool Archived, string DefaultBranch, string? Description, string? Language, DateTimeOffset? PushedAt);

internal sealed record RepositoryListResponse(IReadOnlyList<RepositoryResponse> Repositories, Common.PaginationResponse Pagination);

internal sealed record BranchResponse(string Name, string Commit, bool Protected);

internal sealed record BranchListResponse(IReadOnlyList<BranchResponse> Branches, string DefaultBranch, int CurrentPage, bool HasNext);

/// <param name="Branch">A branch, tag or hash; the default branch when it is left out.</param>
internal sealed record CommitQuery(string? Branch, int? Page, int? Limit);

internal sealed record CommitResponse(string Sha, string Message, string? Author, DateTimeOffset? Date);

internal sealed record CommitListResponse(IReadOnlyList<CommitResponse> Commits, int CurrentPage, bool HasNext);

/// <param name="Duplicate">The delivery had come before and was not processed again.</param>
internal sealed record WebhookResponse(string Delivery, string Status, bool Duplicate);

/// <param name="Owner">Whose projects it concerns; without it the caller's.</param>
internal sealed record DeliveryQuery(Guid? Owner, int? Page, int? Limit);

internal sealed record DeliveryProjectResponse(Guid ProjectId, string Project, string Outcome, string? Reason, Guid? DeploymentId);

internal sealed record DeliveryResponse(
    Guid Id, string DeliveryId, string Event, string? Action, string? Repository, string Status, string? Reason, int Attempts, DateTimeOffset ReceivedAt,
    IReadOnlyList<DeliveryProjectResponse> Projects);

internal sealed record DeliveryListResponse(IReadOnlyList<DeliveryResponse> Deliveries, Common.PaginationResponse Pagination);

internal sealed record ApprovalResponse(Guid Id, string Status, string Approval);
