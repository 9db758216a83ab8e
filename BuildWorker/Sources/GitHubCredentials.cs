using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Core.Data;
using Platform.Core.Deployments;
using Platform.Core.GitHub;

namespace Platform.BuildWorker.Sources;

/// <summary>The token of the connected GitHub account, for GitHub's own host only.</summary>
internal sealed partial class GitHubCredentials(IServiceScopeFactory scopes, GitHubTokens tokens, IOptions<SourceOptions> options, ILogger<GitHubCredentials> logger) : ISourceCredentials
{
    // GitHub takes a token of either kind as the password of this user.
    private const string UserName = "x-access-token";

    public async Task<GitCredential?> FindAsync(Guid userId, RepositorySource source, CancellationToken cancellationToken)
    {
        if (source.Kind != RepositoryKind.Git || source.Address!.Authority != options.Value.GitHubHost) return null;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var stored = await db.GitHubConnections.AsNoTracking()
            .Where(connection => connection.UserId == userId).Select(connection => connection.GitHubAccessToken).FirstOrDefaultAsync(cancellationToken);
        if (stored is null) return null;
        if (tokens.Unprotect(stored) is { } token) return new GitCredential(source.Address.Authority, UserName, token);
        Log.Unreadable(logger, userId);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The GitHub token of {UserId} was encrypted with other keys")]
        public static partial void Unreadable(ILogger logger, Guid userId);
    }
}
