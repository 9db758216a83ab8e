using Platform.Api.Common;

namespace Platform.Api.Projects;

/// <summary>What new and changed projects have in common. Null or empty commands and directories are detected from the repository.</summary>
internal abstract record ProjectSettings
{
    /// <summary>Shown to people; a new project without it is called as its repository.</summary>
    public string? Name { get; init; }

    /// <summary>As in a new deployment.</summary>
    public string? Repository { get; init; }

    /// <summary>The branch that production is built from.</summary>
    public string? Branch { get; init; }

    /// <summary>Directory of the project in the repository.</summary>
    public string? RootDir { get; init; }

    /// <summary>Fetches dependencies.</summary>
    public string? InstallCommand { get; init; }

    /// <summary>Makes the output.</summary>
    public string? BuildCommand { get; init; }

    /// <summary>Directory of the output, relative to the root directory.</summary>
    public string? OutputDir { get; init; }

    /// <summary>Node version of builds, such as <c>22</c>; without it what the repository says.</summary>
    public string? NodeVersion { get; init; }

    /// <summary>Check out submodules, too.</summary>
    public bool? Submodules { get; init; }

    /// <summary>A push deploys.</summary>
    public bool? AutoDeploy { get; init; }

    /// <summary>Globs; only a push that touches one of them deploys.</summary>
    public IReadOnlyList<string>? WatchPaths { get; init; }
}

/// <summary>A new project, without a deployment.</summary>
internal sealed record CreateProjectRequest : ProjectSettings
{
    /// <summary>Host-name label of the site; without it made of the name.</summary>
    public string? Slug { get; init; }

    /// <summary>Whom it belongs to; without it the caller.</summary>
    public Guid? Owner { get; init; }
}

/// <summary>
/// All settings of a project. Commands, directories and the Node version that are left out are detected from now on; switches, watch paths and
/// settings of the site that are left out stay.
/// </summary>
internal sealed record UpdateProjectRequest : ProjectSettings
{
    public SiteSettingsRequest? Site { get; init; }
}

/// <summary>How the site is served and kept. What is null is the installation's default.</summary>
/// <param name="Protection"><c>off</c>, <c>previews</c> or <c>all</c>: which addresses ask for the password.</param>
/// <param name="Password">A new password; without it the old one stays. It is never shown.</param>
/// <param name="SpaFallback">Unknown paths answer with the first page; null: as detected.</param>
/// <param name="KeepDeployments">Deployments that keep their files.</param>
/// <param name="KeepBytes">Bytes that they may have together.</param>
/// <param name="AssetHours">Hours for which replaced hashed assets stay reachable.</param>
internal sealed record SiteSettingsRequest(
    string? Protection, string? Password = null, bool? SpaFallback = null, int? KeepDeployments = null, long? KeepBytes = null, int? AssetHours = null);

internal sealed record SiteSettingsResponse(
    string Protection, bool HasPassword, bool? SpaFallback, int? KeepDeployments, long? KeepBytes, int? AssetHours);

internal sealed record ProjectResponse(
    Guid Id,
    Guid Owner,
    string Name,
    string Slug,
    string Repository,
    string Repo,
    string Branch,
    string RootDir,
    string? InstallCommand,
    string? BuildCommand,
    string? OutputDir,
    string? NodeVersion,
    bool Submodules,
    bool AutoDeploy,
    IReadOnlyList<string> WatchPaths,
    string Url,
    Guid? ProductionDeploymentId,
    bool ProductionPinned,
    SiteSettingsResponse Site,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

internal sealed record ProjectListQuery(string? Search, Guid? Owner, int? Page, int? Limit);

/// <param name="LastStatus">The state of its newest deployment; null without one.</param>
internal sealed record ProjectItemResponse(
    Guid Id,
    Guid Owner,
    string Name,
    string Slug,
    string Repo,
    string Branch,
    string Url,
    Guid? ProductionDeploymentId,
    string? LastStatus,
    DateTimeOffset? LastDeploymentAt,
    DateTimeOffset CreatedAt);

internal sealed record ProjectListResponse(IReadOnlyList<ProjectItemResponse> Projects, PaginationResponse Pagination);

/// <param name="Branch">Another branch than the project's own becomes a preview.</param>
/// <param name="UseCache">False: without what earlier builds left.</param>
internal sealed record DeployProjectRequest(string? Branch = null, bool? UseCache = null);

/// <param name="DeploymentId">Where to go back to; without it to the one before the current.</param>
/// <param name="From">What production is thought to be: when it is something else by now, nothing happens.</param>
internal sealed record RollbackRequest(Guid? DeploymentId = null, Guid? From = null);

internal sealed record ProductionResponse(Guid DeploymentId, Guid? PreviousDeploymentId, bool Pinned);

/// <summary>Replaces the variables of each environment that is given; one that is left out stays.</summary>
internal sealed record UpdateEnvironmentRequest(IReadOnlyList<VariableRequest>? Production, IReadOnlyList<VariableRequest>? Preview);

/// <param name="Name">Letters, digits and underscores.</param>
/// <param name="Value">Without it the value stays as it is.</param>
/// <param name="Secret">The value is never shown again; so it is when nothing is said. A secret becomes public only with a new value.</param>
internal sealed record VariableRequest(string? Name, string? Value = null, bool? Secret = null);

internal sealed record EnvironmentResponse(IReadOnlyList<VariableResponse> Production, IReadOnlyList<VariableResponse> Preview);

/// <param name="Value">Null for a secret.</param>
internal sealed record VariableResponse(string Name, string? Value, bool Secret);

internal sealed record AddDomainRequest(string? Host);

/// <param name="Problem">What the last look found, for people.</param>
/// <param name="Record">The TXT record that shows control.</param>
/// <param name="Alias">Or the host name that an alias has to lead to.</param>
internal sealed record DomainResponse(
    Guid Id, string Host, string Status, bool Primary, string? Problem, DnsRecordResponse Record, string Alias, DateTimeOffset? VerifiedAt, DateTimeOffset? CheckedAt);

internal sealed record DnsRecordResponse(string Type, string Name, string Value);

internal sealed record DomainListResponse(IReadOnlyList<DomainResponse> Domains);

internal sealed record TrafficQuery(int? Hours);

internal sealed record TrafficResponse(TrafficTotalsResponse Total, IReadOnlyList<TrafficHourResponse> Hours, IReadOnlyList<TrafficPathResponse> TopPaths);

internal sealed record TrafficTotalsResponse(long Requests, long Bytes, long Status2xx, long Status3xx, long Status4xx, long Status5xx);

internal sealed record TrafficHourResponse(DateTimeOffset Hour, long Requests, long Bytes, long Status2xx, long Status3xx, long Status4xx, long Status5xx);

internal sealed record TrafficPathResponse(string Path, long Requests);
