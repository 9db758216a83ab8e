namespace Platform.Core.Data.Entities;

/// <summary>One build and publication of a project. The settings are a snapshot: later changes of the project do not touch it.</summary>
public sealed class Deployment
{
    public Guid Id { get; set; }

    public Guid OwnerId { get; set; }

    public Guid ProjectId { get; set; }

    public Project? Project { get; set; }

    /// <summary>Who asked for it.</summary>
    public Guid UserId { get; set; }

    /// <summary>One of <see cref="DeploymentStatus"/>; moved by compare-and-set only.</summary>
    public string Status { get; set; } = DeploymentStatus.Queued;

    public required string Branch { get; set; }

    /// <summary>Where it comes from, as in <see cref="Entities.Project.Repository"/>; null: from the project's repository.</summary>
    public string? Source { get; set; }

    /// <summary>The commit to build; null: the branch's latest.</summary>
    public string? RequestedCommit { get; set; }

    public string? CommitHash { get; set; }

    public string? CommitMessage { get; set; }

    public string? Author { get; set; }

    /// <summary>Seconds from start to end.</summary>
    public int? BuildDuration { get; set; }

    public string? DeployedUrl { get; set; }

    public string RootDir { get; set; } = "";

    public string? InstallCommand { get; set; }

    public string? BuildCommand { get; set; }

    public string? OutputDir { get; set; }

    /// <summary>As in <see cref="Project.NodeVersion"/>.</summary>
    public string? NodeVersion { get; set; }

    /// <summary>As in <see cref="Project.Submodules"/>.</summary>
    public bool Submodules { get; set; }

    /// <summary>One of <see cref="DeploymentTrust"/>: what it may write to is never read by builds of the other.</summary>
    public string Environment { get; set; } = DeploymentTrust.Production;

    /// <summary>False: built without what earlier builds left.</summary>
    public bool UseCache { get; set; } = true;

    /// <summary>Environment of this build, encrypted as in <see cref="Project.EnvVars"/>.</summary>
    public string? EnvVars { get; set; }

    /// <summary>Id of the job that builds it.</summary>
    public Guid? JobId { get; set; }

    /// <summary>Why it failed, for programs: <c>BUILD_FAILED</c>, <c>CLONE_FAILED</c>, …</summary>
    public string? ErrorCode { get; set; }

    /// <summary>Why it failed, for people.</summary>
    public string? ErrorMessage { get; set; }

    /// <summary>What to do about the failure.</summary>
    public string? ErrorHint { get; set; }

    /// <summary>The line of the log that shows the failure best.</summary>
    public string? ErrorLine { get; set; }

    /// <summary>What it published: <c>SiteManifest</c> as JSON.</summary>
    public string? Manifest { get; set; }

    /// <summary>When retention took its files away; the row and its log stay.</summary>
    public DateTimeOffset? ExpiredAt { get; set; }

    /// <summary>Published bytes.</summary>
    public long? OutputBytes { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public List<DeploymentStage> Stages { get; } = [];
}

/// <summary>For whom a deployment is built.</summary>
public static class DeploymentTrust
{
    /// <summary>From the project's own branch.</summary>
    public const string Production = "production";

    /// <summary>From another branch or a pull request.</summary>
    public const string Preview = "preview";

    public static IReadOnlyList<string> All { get; } = [Production, Preview];
}

/// <summary>The states of a deployment: <c>queued → building → deploying → success | failed | cancelled</c>.</summary>
public static class DeploymentStatus
{
    public const string Queued = "queued";
    public const string Building = "building";
    public const string Deploying = "deploying";
    public const string Success = "success";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    public static IReadOnlyList<string> All { get; } = [Queued, Building, Deploying, Success, Failed, Cancelled];

    /// <summary>True when nothing will change any more.</summary>
    public static bool IsFinal(string status) => status is Success or Failed or Cancelled;
}
