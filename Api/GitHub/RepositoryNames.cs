using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Errors;
using Platform.Api.Deployments;
using Platform.Core.Deployments;
using Platform.Core.GitHub;

namespace Platform.Api.GitHub;

internal sealed class RepositoryNames(GitHubConnections connections, IGitHubClient gitHub, IOptions<SourceOptions> sources, IHttpContextAccessor context) : IRepositoryNames
{
    public async Task<(NamedRepository? Found, ErrorResult? Problem)> FindAsync(Guid userId, string repository, CancellationToken cancellationToken)
    {
        var isName = RepositorySource.IsGitHubName(repository);
        var name = isName ? repository.Trim() : NameOf(repository);
        if (name is null) return (null, null);
        try
        {
            return await connections.CallAsync(userId, (access, token) => FindAsync(access, token, name, isName, cancellationToken), cancellationToken);
        }
        catch (GitHubConnectionException exception)
        {
            return (null, isName ? ApiErrors.Invalid("repository", exception.IsBroken ? exception.Message : "Connect your GitHub account, or give the full https address of the repository.") : null);
        }
        catch (GitHubException exception)
        {
            // An address is cloned by itself; what GitHub would know about it can wait.
            return (null, isName ? GitHubFailures.Explain(exception, context.HttpContext!) : null);
        }
    }

    private async Task<(NamedRepository? Found, ErrorResult? Problem)> FindAsync(GitHubAccess access, string token, string name, bool isName, CancellationToken cancellationToken)
    {
        var (owner, part) = name.Split('/') is [var first, var second] ? (first, second) : (access.Login, name);
        if (await gitHub.FindRepositoryAsync(token, owner, part, cancellationToken) is not { } found)
            return (null, isName ? ApiErrors.Invalid("repository", "There is no such repository, or the connected account may not see it.") : null);
        // Never the address that GitHub tells: the token goes to the host of the configuration and nowhere else.
        return (new NamedRepository($"https://{sources.Value.GitHubHost}/{found.Owner}/{found.Name}", found.Id.ToString(CultureInfo.InvariantCulture)), null);
    }

    private string? NameOf(string address) =>
        RepositorySource.TryParse(address, allowFiles: false, out var source, out _) && source.Kind == RepositoryKind.Git && source.Address!.Authority == sources.Value.GitHubHost
            && source.Display.Count(character => character == '/') == 1
            ? source.Display
            : null;
}
