using Microsoft.Extensions.Options;
using Platform.Core.Deployments;
using Platform.Core.GitHub;

namespace Platform.BuildWorker.Sources;

/// <summary>The token of the connected GitHub account, for GitHub's own host only.</summary>
internal sealed partial class GitHubCredentials(GitHubConnections connections, IOptions<SourceOptions> options, ILogger<GitHubCredentials> logger) : ISourceCredentials
{
    // GitHub takes a token of either kind as the password of this user.
    private const string UserName = "x-access-token";

    public async Task<GitCredential?> FindAsync(Guid userId, RepositorySource source, CancellationToken cancellationToken)
    {
        if (source.Kind != RepositoryKind.Git || source.Address!.Authority != options.Value.GitHubHost) return null;
        if (await connections.FindAsync(userId, cancellationToken) is not { } access) return null;
        if (access.Token is { } token) return new GitCredential(source.Address.Authority, UserName, token);
        Log.Broken(logger, userId);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The GitHub connection of {UserId} has to be made again")]
        public static partial void Broken(ILogger logger, Guid userId);
    }
}
