namespace Platform.Core.GitHub;

/// <summary>
/// Looks for repositories by name. GitHub's own search knows neither all the repositories an account can reach nor the newest of them,
/// and allows thirty requests a minute: so the account's list is read and filtered.
/// </summary>
internal static class RepositorySearch
{
    /// <summary>An account with more repositories than this finds the most recently pushed ones.</summary>
    private const int MostPages = 30;

    public static async Task<GitHubPage<GitHubRepository>> RunAsync(
        GitHubRepositoryQuery query,
        Func<int, int, CancellationToken, Task<GitHubPage<GitHubRepository>>> list,
        CancellationToken cancellationToken)
    {
        if (query is not { Page: >= 1, PageSize: >= 1 and <= GitHubRepositoryQuery.LargestPage })
        {
            throw new ArgumentOutOfRangeException(nameof(query), $"There is no page {query.Page} of {query.PageSize}.");
        }

        var search = query.Search?.Trim();
        if (string.IsNullOrEmpty(search)) return await list(query.Page, query.PageSize, cancellationToken);

        var first = (query.Page - 1) * query.PageSize;
        var found = new List<GitHubRepository>();
        for (var page = 1; page <= MostPages; page++)
        {
            var some = await list(page, GitHubRepositoryQuery.LargestPage, cancellationToken);
            found.AddRange(some.Items.Where(item => $"{item.Owner}/{item.Name}".Contains(search, StringComparison.OrdinalIgnoreCase)));
            if (!some.HasNext || found.Count > first + query.PageSize) break;
        }

        return new GitHubPage<GitHubRepository>([.. found.Skip(first).Take(query.PageSize)], found.Count > first + query.PageSize);
    }
}
