namespace Platform.Api.Common.Access;

/// <summary>What an API token can be allowed: the whole catalogue. A route names the one it needs by <c>RequireScope</c>.</summary>
internal static class ApiScopes
{
    public const string DeploymentsRead = "deployments:read";
    public const string DeploymentsWrite = "deployments:write";
    public const string ProjectsRead = "projects:read";
    public const string ProjectsWrite = "projects:write";
    public const string Execute = "execute";
    public const string SnippetsRead = "snippets:read";
    public const string Snippets = "snippets";
    public const string WorkspacesRead = "workspaces:read";
    public const string Workspaces = "workspaces";
    public const string OrganizationsRead = "organizations:read";
    public const string OrganizationsWrite = "organizations:write";
    public const string AccountRead = "account:read";

    public static IReadOnlyList<ApiScope> All { get; } =
    [
        new(DeploymentsRead, "See deployments and their logs."),
        new(DeploymentsWrite, "Deploy and cancel deployments.", Includes: DeploymentsRead),
        new(ProjectsRead, "See projects and their settings."),
        new(ProjectsWrite, "Change, hand over and delete projects.", Includes: ProjectsRead),
        new(Execute, "Run code."),
        new(SnippetsRead, "See snippets."),
        new(Snippets, "See, create, change and delete snippets.", Includes: SnippetsRead),
        new(WorkspacesRead, "See workspaces and their files."),
        new(Workspaces, "See, create, change and delete workspaces.", Includes: WorkspacesRead),
        new(OrganizationsRead, "See organisations, their members and their audit log."),
        new(OrganizationsWrite, "Change organisations, their members and invitations.", Includes: OrganizationsRead),
        new(AccountRead, "See the profile and the audit log of the account.", IsPersonal: true),
    ];

    public static bool IsKnown(string? scope) => All.Any(known => known.Name == scope);

    /// <summary>True when a token with <paramref name="granted"/> may use what needs <paramref name="required"/>.</summary>
    public static bool Allows(IEnumerable<string> granted, string required) =>
        granted.Any(scope => scope == required || All.Any(known => known.Name == scope && known.Includes == required));
}

/// <param name="Name">The word in requests and routes.</param>
/// <param name="Description">For the person who makes a token.</param>
/// <param name="Includes">A weaker scope that comes with it.</param>
/// <param name="IsPersonal">Speaks of the account itself: not for a token that is restricted to an organisation.</param>
internal sealed record ApiScope(string Name, string Description, string? Includes = null, bool IsPersonal = false);
