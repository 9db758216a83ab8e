namespace Platform.Core.Data.Entities;

/// <summary>Something that is deployed: a repository, a directory in it, and how it is built.</summary>
public sealed class Project
{
    public Guid Id { get; set; }

    /// <summary>Who it belongs to, a person or an organisation.</summary>
    public Guid OwnerId { get; set; }

    /// <summary>Who created it.</summary>
    public Guid UserId { get; set; }

    public required string Name { get; set; }

    /// <summary>Host-name label of the site: unique, lower case, never contains <c>--</c>.</summary>
    public required string Slug { get; set; }

    /// <summary>Canonical form of the source: an https Git URL, <c>sample:name</c>, or in Development <c>file://</c>.</summary>
    public required string Repository { get; set; }

    public string Branch { get; set; } = "main";

    /// <summary>Directory of the project in the repository, with forward slashes; empty is the root.</summary>
    public string RootDir { get; set; } = "";

    /// <summary>Null: detected.</summary>
    public string? InstallCommand { get; set; }

    /// <summary>Null: detected.</summary>
    public string? BuildCommand { get; set; }

    /// <summary>Null: detected.</summary>
    public string? OutputDir { get; set; }

    /// <summary>Node version of builds, a range such as <c>22</c>; null: what the repository says.</summary>
    public string? NodeVersion { get; set; }

    /// <summary>Check out submodules, too.</summary>
    public bool Submodules { get; set; }

    /// <summary>Environment of builds as a JSON object, encrypted with Data Protection.</summary>
    public string? EnvVars { get; set; }

    /// <summary>Names of <see cref="EnvVars"/> whose values may be shown again; all others are secrets.</summary>
    public List<string> ShownVariables { get; set; } = [];

    /// <summary>Environment of previews, stored as <see cref="EnvVars"/>, which they do not get.</summary>
    public string? PreviewEnvVars { get; set; }

    /// <summary>As <see cref="ShownVariables"/>, for <see cref="PreviewEnvVars"/>.</summary>
    public List<string> ShownPreviewVariables { get; set; } = [];

    /// <summary>A push deploys.</summary>
    public bool AutoDeploy { get; set; } = true;

    /// <summary>Globs of the repository; only a push that touches one of them deploys. Empty: every push.</summary>
    public List<string> WatchPaths { get; set; } = [];

    /// <summary>GitHub's number of the repository, known once a connected account has shown that it can read it; it survives renames.</summary>
    public string? GitHubRepoId { get; set; }

    /// <summary>GitHub's number of the webhook that was made for this project; null: there is none, or the GitHub App delivers.</summary>
    public long? GitHubHookId { get; set; }

    /// <summary>The deployment that the production host name serves.</summary>
    public Guid? ProductionDeploymentId { get; set; }

    /// <summary>Deployments that were asked for before this moment no longer move production: a newer one, or a person, has decided.</summary>
    public DateTimeOffset? ProductionAsOf { get; set; }

    /// <summary>Somebody rolled back: new deployments do not move production until one is promoted or the rollback is undone.</summary>
    public bool ProductionPinned { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
