using Platform.Core.Deployments;

namespace Platform.BuildWorker.Sources;

/// <summary>A user name and a secret for one host.</summary>
internal sealed record GitCredential(string Host, string UserName, string Secret)
{
    /// <summary>Leaves the secret out, so that no log can carry it.</summary>
    public override string ToString() => $"{UserName}@{Host}";
}

/// <summary>Finds what opens a private repository.</summary>
internal interface ISourceCredentials
{
    /// <summary>Null: nothing is known, the repository is tried as a public one.</summary>
    Task<GitCredential?> FindAsync(Guid userId, RepositorySource source, CancellationToken cancellationToken);
}
