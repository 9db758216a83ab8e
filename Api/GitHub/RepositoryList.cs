using System.Text.Json;
using Platform.Core.GitHub;
using Platform.ServiceDefaults;
using StackExchange.Redis;

namespace Platform.Api.GitHub;

/// <summary>
/// The repositories of a connected account. The whole list is read and kept for some minutes: searching, counting and paging then ask GitHub
/// nothing.
/// </summary>
internal sealed class RepositoryList(IGitHubClient gitHub, GitHubConnections connections, RedisGate redis)
{
    public static readonly TimeSpan CacheTime = TimeSpan.FromMinutes(5);

    // An account with more repositories than this finds the most recently pushed ones.
    private const int MostPages = 30;

    public async Task<IReadOnlyList<RepositoryResponse>> ListAsync(Guid userId, bool refresh, CancellationToken cancellationToken)
    {
        if (!refresh && await FindKeptAsync(userId, cancellationToken) is { } kept) return kept;
        var found = await connections.CallAsync(userId, (_, token) => ReadAsync(token, cancellationToken), cancellationToken);
        // The token is not there any more: the list must not be, either.
        if (await connections.FindAsync(userId, cancellationToken) is { Token: not null } access)
        {
            var text = JsonSerializer.Serialize(new Kept(access.ConnectionId, found));
            await redis.TryAsync(cache => cache.StringSetAsync(Key(userId), text, CacheTime));
        }

        return found;
    }

    public Task ForgetAsync(Guid userId) => redis.TryAsync(cache => cache.KeyDeleteAsync(Key(userId)));

    private async Task<IReadOnlyList<RepositoryResponse>?> FindKeptAsync(Guid userId, CancellationToken cancellationToken)
    {
        // A list of an earlier connection, or of one that is broken, is nobody's.
        if (await connections.FindAsync(userId, cancellationToken) is not { Token: not null } access) return null;
        var (answered, text) = await redis.TryAsync(cache => cache.StringGetAsync(Key(userId)));
        if (!answered || text.IsNull) return null;
        return JsonSerializer.Deserialize<Kept>((string)text!) is { } kept && kept.ConnectionId == access.ConnectionId ? kept.Repositories : null;
    }

    private async Task<IReadOnlyList<RepositoryResponse>> ReadAsync(string token, CancellationToken cancellationToken)
    {
        var found = new List<RepositoryResponse>();
        for (var page = 1; page <= MostPages; page++)
        {
            var some = await gitHub.ListRepositoriesAsync(token, new GitHubRepositoryQuery { Page = page, PageSize = GitHubRepositoryQuery.LargestPage }, cancellationToken);
            found.AddRange(some.Items.Select(ToResponse));
            if (!some.HasNext) break;
        }

        // What was pushed to between two pages comes twice.
        return [.. found.DistinctBy(repository => repository.Id)];
    }

    private static RepositoryResponse ToResponse(GitHubRepository row) => new(
        row.Id, row.Owner, row.Name, $"{row.Owner}/{row.Name}", row.IsPrivate, row.IsFork, row.IsArchived, row.DefaultBranch, row.Description, row.Language, row.PushedAt);

    private static RedisKey Key(Guid userId) => $"github:repos:{userId:N}";

    private sealed record Kept(Guid ConnectionId, IReadOnlyList<RepositoryResponse> Repositories);
}
