using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Core.GitHub;

namespace Platform.Api.GitHub;

internal static class GitHubRepositoriesApi
{
    private const int BranchesInPage = 100;

    private static readonly ErrorResult NotChosen = ApiErrors.Conflict("GITHUB_NOT_CHOSEN", "Choose GitHub as the place to host first, or connect GitHub in the settings.");

    private static readonly ErrorResult NoRepository = ApiErrors.NotFound("GITHUB_REPOSITORY_NOT_FOUND", "There is no such repository, or the connected account may not see it.");

    public static IEndpointRouteBuilder MapGitHubRepositories(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/github/repos").WithTags("GitHub").RequireAuthorization().RequireScope(ApiScopes.ProjectsRead)
            .AddEndpointFilter(GitHubFailures.AnswerAsync);
        group.MapGet("", ListRepositories).WithName("listGitHubRepositories").WithSummary("Repositories of the connected account, last pushed first.").Refusals();
        group.MapGet("/{repo}/branches", ListBranchesByName).WithName("listGitHubBranches")
            .WithSummary("Branches of a repository: its name in the connected account, or owner%2Fname.").Refusals();
        group.MapGet("/{owner}/{repo}/branches", ListBranches).WithName("listGitHubBranchesOf").WithSummary("Branches of a repository.").Refusals();
        group.MapGet("/{owner}/{repo}/commits", ListCommits).WithName("listGitHubCommits").WithSummary("Commits of a branch, newest first.").Refusals();
        return routes;
    }

    private static void Refusals(this RouteHandlerBuilder route) => route.ProducesError(
        StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<RepositoryListResponse>, ErrorResult>> ListRepositories(
        [AsParameters] RepositoryQuery query, CurrentUser caller, RepositoryList repositories, ConnectionService connections, CancellationToken cancellationToken)
    {
        if (!(await connections.GetAsync(caller.Id, cancellationToken)).Connected) return await RefuseAsync(caller, connections, cancellationToken);
        if (!await connections.IsChosenAsync(caller.Id, cancellationToken)) return NotChosen;
        var all = await repositories.ListAsync(caller.Id, query.Refresh == true, cancellationToken);
        if (query.Search?.Trim() is { Length: > 0 } search) all = [.. all.Where(row => row.FullName.Contains(search, StringComparison.OrdinalIgnoreCase))];
        var page = new PageQuery(query.Page, query.Limit);
        return TypedResults.Ok(new RepositoryListResponse([.. all.Skip(page.Skip).Take(page.Size)], PaginationResponse.Of(page, all.Count)));
    }

    private static async Task<ErrorResult> RefuseAsync(CurrentUser caller, ConnectionService connections, CancellationToken cancellationToken) =>
        GitHubFailures.Explain(new GitHubConnectionException((await connections.GetAsync(caller.Id, cancellationToken)).Broken));

    private static Task<Results<Ok<BranchListResponse>, ErrorResult>> ListBranchesByName(
        string repo, int? page, CurrentUser caller, GitHubConnections connections, IGitHubClient gitHub, CancellationToken cancellationToken)
    {
        // Servers leave an escaped slash in a path as it is.
        var name = Uri.UnescapeDataString(repo);
        return name.Split('/') is [var owner, var part]
            ? ListBranches(owner, part, page, caller, connections, gitHub, cancellationToken)
            : ListBranches("", name, page, caller, connections, gitHub, cancellationToken);
    }

    private static Task<Results<Ok<BranchListResponse>, ErrorResult>> ListBranches(
        string owner, string repo, int? page, CurrentUser caller, GitHubConnections connections, IGitHubClient gitHub, CancellationToken cancellationToken) =>
        connections.CallAsync<Results<Ok<BranchListResponse>, ErrorResult>>(
            caller.Id,
            async (access, token) =>
            {
                if (page is < 1 or > PageQuery.MaxPage) return ApiErrors.Invalid("page", $"Must be between 1 and {PageQuery.MaxPage}.");
                if (await gitHub.FindRepositoryAsync(token, owner.Length == 0 ? access.Login : owner, repo, cancellationToken) is not { } found) return NoRepository;
                var branches = await gitHub.ListBranchesAsync(token, found.Owner, found.Name, page ?? 1, BranchesInPage, cancellationToken);
                return TypedResults.Ok(new BranchListResponse(
                    [.. branches.Items.Select(branch => new BranchResponse(branch.Name, branch.CommitSha, branch.IsProtected))], found.DefaultBranch, page ?? 1, branches.HasNext));
            },
            cancellationToken);

    private static Task<Results<Ok<CommitListResponse>, ErrorResult>> ListCommits(
        string owner, string repo, [AsParameters] CommitQuery query, CurrentUser caller, GitHubConnections connections, IGitHubClient gitHub, CancellationToken cancellationToken) =>
        connections.CallAsync<Results<Ok<CommitListResponse>, ErrorResult>>(
            caller.Id,
            async (_, token) =>
            {
                if (await gitHub.FindRepositoryAsync(token, owner, repo, cancellationToken) is not { } found) return NoRepository;
                var page = new PageQuery(query.Page, query.Limit);
                var reference = string.IsNullOrEmpty(query.Branch) ? found.DefaultBranch : query.Branch;
                var commits = await gitHub.ListCommitsAsync(token, found.Owner, found.Name, reference, page.Number, page.Size, cancellationToken);
                return TypedResults.Ok(new CommitListResponse(
                    [.. commits.Items.Select(commit => new CommitResponse(commit.Sha, commit.Message, commit.AuthorName, commit.AuthoredAt))], page.Number, commits.HasNext));
            },
            cancellationToken);
}
